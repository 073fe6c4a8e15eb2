// The texts below a selector that stand out too little from what is behind them (WCAG 1.4.3), each with its ratio.
(within) => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const layer = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
    return { parts: [red, green, blue], alpha: alpha / 255 };
  };
  const laidOver = (below, { parts, alpha }) => parts.map((part, at) => part * alpha + below[at] * (1 - alpha));
  const behind = (node) => {
    const layers = [];
    for (let one = node; one; one = one.parentElement) layers.unshift(layer(getComputedStyle(one).backgroundColor));
    return layers.reduce(laidOver, [255, 255, 255]);
  };
  const brightness = (parts) => {
    const [red, green, blue] = parts.map((part) =>
      part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4,
    );
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const texts = [...document.querySelectorAll(`${within} *`)].filter(
    (node) =>
      node.checkVisibility() &&
      !node.closest(":disabled") &&
      [...node.childNodes].some((child) => child.nodeType === Node.TEXT_NODE && child.data.trim()),
  );
  if (!texts.length) return ["there is no text"];
  return texts.flatMap((node) => {
    const look = getComputedStyle(node);
    const ground = behind(node);
    const shades = [brightness(ground), brightness(laidOver(ground, layer(look.color)))].sort((one, two) => two - one);
    const ratio = (shades[0] + 0.05) / (shades[1] + 0.05);
    return ratio < 4.5 ? [`${ratio.toFixed(2)}: ${node.textContent.trim().slice(0, 60)}`] : [];
  });
};
