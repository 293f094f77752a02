// Where the reader is: on request only, worked out in the page.

import { toast } from "./dialog.js";
import { emit } from "./events.js";
import { grounded } from "./coordinates.js";
import { neighbourhoodAt } from "./neighbourhoods.js";
import { t } from "./words.js";

export function locate() {
  toast(t("locate_note"));
  if (!navigator.geolocation) {
    toast(t("locate_refused"));
    return;
  }
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      const point = grounded([coords.latitude, coords.longitude]);
      if (neighbourhoodAt(point) === null) toast(t("locate_outside"));
      else emit("place", { point });
    },
    () => toast(t("locate_refused")),
    { enableHighAccuracy: true, timeout: 15_000 },
  );
}
