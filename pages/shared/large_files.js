// Sends large files one after the other. What is under way outlives the control, so that the page can be left.
const sending = (window.__flippedFunnelSending ??= { files: new Map(), queue: [], now: null, said: "", show: () => {}, wanted: new Map() });
const ASK_AGAIN_MILLISECONDS = 3000;

function written(texts, name, values) {
  return texts[name].replace(/\{(\w+)\}/g, (_all, key) => values[key]);
}

function megabytes(bytes, language) {
  return new Intl.NumberFormat(language, { maximumFractionDigits: 0 }).format(bytes / 1e6);
}

function sendNext() {
  if (sending.now || !sending.queue.length) return;
  const { token, id, path, texts, language } = sending.queue.shift();
  const file = sending.files.get(id);
  sending.files.delete(id);
  const request = new XMLHttpRequest();
  const now = (sending.now = { request, file: file.name, percent: 0 });
  const say = (name, values = {}) => {
    sending.said = written(texts, name, { file: file.name, ...values });
    sending.show();
  };
  const progress = (loaded) => {
    const percent = Math.floor((100 * loaded) / Math.max(file.size, 1));
    if (percent === now.percent && loaded) return;
    now.percent = percent;
    say("sending", { percent, done: megabytes(loaded, language), size: megabytes(file.size, language) });
  };
  const end = (name) => {
    sending.now = null;
    say(name);
    sendNext();
  };
  request.upload.onprogress = (event) => progress(event.loaded);
  request.onload = () => end(request.status === 200 ? "arrived" : request.status === 507 ? "disk" : "failed");
  request.onerror = () => end("failed");
  request.onabort = () => end("cancelled");
  request.open("PUT", path + token);
  request.setRequestHeader("Content-Type", "application/octet-stream");
  progress(0);
  request.send(file);
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const find = (name) => parentElement.querySelector(name);
  const [drop, input, bar, cancel] = [".drop", "input", ".sending", ".cancel"].map(find);
  const ask = () => {
    clearTimeout(sending.timer);
    if (!sending.wanted.size) return;
    setTriggerValue("wanted", [...sending.wanted.values()]);
    sending.timer = setTimeout(ask, ASK_AGAIN_MILLISECONDS); // a page that was being drawn may not have heard it
  };
  const want = (files) => {
    for (const file of files) {
      const id = [...crypto.getRandomValues(new Uint8Array(12))].map((b) => b.toString(16)).join("-");
      sending.files.set(id, file);
      sending.wanted.set(id, { id, name: file.name, size: file.size });
    }
    ask();
  };

  find(".what").textContent = data.texts.choose;
  find(".or").textContent = data.texts.or;
  cancel.textContent = data.texts.cancel;
  input.accept = data.types;
  input.onchange = () => { want(input.files); input.value = ""; };
  drop.ondragover = (event) => { event.preventDefault(); drop.classList.add("over"); };
  drop.ondragleave = () => drop.classList.remove("over");
  drop.ondrop = (event) => { event.preventDefault(); drop.classList.remove("over"); want(event.dataTransfer.files); };
  cancel.onclick = () => sending.now?.request.abort();

  sending.show = () => {
    bar.hidden = !sending.now;
    find("progress").value = sending.now?.percent ?? 0;
    find("progress").setAttribute("aria-label", sending.now?.file ?? "");
    find(".says").textContent = sending.said;
  };
  for (const [id, token] of Object.entries(data.tickets)) {
    sending.wanted.delete(id);
    if (!token) sending.files.delete(id);
    else if (sending.files.has(id) && !sending.queue.some((waiting) => waiting.id === id)) {
      sending.queue.push({ id, token, path: data.path, texts: data.texts, language: data.language });
    }
  }
  sending.show();
  sendNext();
}
