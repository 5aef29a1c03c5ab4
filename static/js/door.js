// The door: the field is free for the next code as soon as one was sent, and always has the focus.
// Where the browser reads codes by itself (BarcodeDetector), its camera types them.
const form = document.getElementById("door-form");
const field = form.elements.code;

let sent = "";

form.addEventListener("htmx:beforeRequest", () => {
  sent = field.value;
  field.value = "";
});

// no answer: the code stands in the field again, unless the next one is there already
["htmx:sendError", "htmx:timeout", "htmx:responseError"].forEach((name) =>
  document.addEventListener(name, () => {
    if (!field.value) field.value = sent;
    field.focus({ preventScroll: true });
  }),
);

const back = () => field.focus({ preventScroll: true });

document.addEventListener("htmx:afterSwap", back);
// a scanner types wherever the focus is: what is typed outside a control belongs to the field
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.key.length > 1) return;
  if (!event.target.closest("a, button, input, select, textarea, dialog")) back();
});
document.addEventListener("click", (event) => {
  if (!event.target.closest("a, button, input, summary, dialog")) back();
});

// Camera
const EVERY_MS = 200;
const SAME_MS = 4000; // a code held before the lens is one code
const button = document.getElementById("door-camera");
const video = document.getElementById("door-video");
let stream = null;
let last = { code: "", at: 0 };

function send(code) {
  const now = Date.now();
  const same = code === last.code && now - last.at < SAME_MS;
  last = { code, at: now };
  if (same) return;
  field.value = code;
  form.requestSubmit();
  navigator.vibrate?.(60);
}

async function watch(detector) {
  while (stream) {
    try {
      const [found] = await detector.detect(video);
      if (found?.rawValue) send(found.rawValue);
    } catch {
      // the picture is not there yet
    }
    await new Promise((done) => setTimeout(done, EVERY_MS));
  }
}

function stop() {
  stream?.getTracks().forEach((track) => track.stop());
  stream = null;
  video.hidden = true;
  button.setAttribute("aria-pressed", "false");
}

async function start(detector) {
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch {
    button.hidden = true; // not allowed, or none: the field is there
    return;
  }
  video.srcObject = stream;
  video.hidden = false;
  button.setAttribute("aria-pressed", "true");
  await video.play();
  watch(detector);
}

async function offerCamera() {
  if (!("BarcodeDetector" in window) || !navigator.mediaDevices?.getUserMedia) return;
  const formats = await BarcodeDetector.getSupportedFormats();
  if (!formats.includes("qr_code")) return;
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  button.hidden = false;
  button.addEventListener("click", () => (stream ? stop() : start(detector)));
  window.addEventListener("pagehide", stop);
}

offerCamera();
