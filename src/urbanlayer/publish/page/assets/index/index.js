"use strict";
(() => {
  const sections = [...document.querySelectorAll("main > section")];
  const buttons = [...document.querySelectorAll(".languages button")];
  const show = (tag) => {
    const known = sections.some(({ lang }) => lang === tag) ? tag : sections[0].lang;
    for (const section of sections) section.hidden = section.lang !== known;
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.lang === known));
    document.documentElement.lang = known;
    document.title = sections.find(({ lang }) => lang === known).dataset.title;
  };
  for (const button of buttons) {
    button.addEventListener("click", () => {
      show(button.lang);
      history.replaceState(null, "", `#lang=${button.lang}`);
    });
  }
  document.querySelector(".languages").hidden = buttons.length < 2;
  show(new URLSearchParams(location.hash.slice(1)).get("lang"));
})();
