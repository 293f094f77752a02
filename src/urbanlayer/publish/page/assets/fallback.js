// Where the page's script cannot run, in an old browser: the table, as without a script. Written for any browser.

(function () {
  if (/\b(ready|broken)\b/.test(document.body.className)) return;
  var box = document.getElementById("fallback");
  var markup = document.querySelector("body > noscript").textContent;
  var parsed = new DOMParser().parseFromString(markup, "text/html").body;
  while (parsed.firstChild) box.appendChild(document.adoptNode(parsed.firstChild));
  document.body.className += " too-old";
})();
