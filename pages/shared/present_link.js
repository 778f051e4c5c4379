// Copies the address. The clipboard is closed to pages without https, so a field is selected and copied there instead.
export default function ({ parentElement, data }) {
  const button = parentElement.querySelector("button");
  button.textContent = data.label;
  button.onclick = async () => {
    await copied(window.location.href);
    button.textContent = data.done;
    setTimeout(() => { button.textContent = data.label; }, 2000);
  };
}

async function copied(text) {
  if (navigator.clipboard && window.isSecureContext) {
    try {
      return await navigator.clipboard.writeText(text);
    } catch (refused) {
      // the visitor's browser allows no clipboard: the older way is left
    }
  }
  const field = document.createElement("textarea");
  field.value = text;
  field.style.position = "fixed";
  field.style.opacity = "0";
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
}
