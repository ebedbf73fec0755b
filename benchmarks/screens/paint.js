// Draws what CSS cannot, from the seed of each canvas: QR codes, noisy photos, bar codes and charts.
(() => {
  // Mulberry32: the same seed draws the same picture.
  const chance = (seed) => () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };

  function code(canvas, pen, random) {
    const cells = 29, cell = canvas.width / cells;
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.fillStyle = "#000";
    const inFinder = (x, y) => (x < 8 && y < 8) || (x > cells - 9 && y < 8) || (x < 8 && y > cells - 9);
    for (let x = 0; x < cells; x++) for (let y = 0; y < cells; y++) {
      if (!inFinder(x, y) && random() < 0.48) pen.fillRect(x * cell, y * cell, cell + 0.5, cell + 0.5);
    }
    for (const [left, top] of [[0, 0], [cells - 7, 0], [0, cells - 7]]) {
      for (const [inset, colour] of [[0, "#000"], [1, "#fff"], [2, "#000"]]) {
        pen.fillStyle = colour;
        const edge = (7 - 2 * inset) * cell;
        pen.fillRect((left + inset) * cell, (top + inset) * cell, edge, edge);
      }
    }
  }

  function bars(canvas, pen, random) {
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.fillStyle = "#000";
    for (let x = 4; x < canvas.width - 6; x += 3 + Math.floor(random() * 6)) {
      pen.fillRect(x, 0, 1 + Math.floor(random() * 4), canvas.height);
    }
  }

  function photo(canvas, pen, random) {
    const {width, height} = canvas, image = pen.createImageData(width, height);
    const waves = Array.from({length: 9}, () => [random() * 0.06, random() * 0.06, random() * 6, 20 + random() * 40]);
    for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) {
      let light = 120 + (random() - 0.5) * 30;
      for (const [a, b, c, d] of waves) light += d * Math.sin(a * x + b * y + c) * 0.5;
      const at = 4 * (y * width + x);
      image.data[at] = light + 18;
      image.data[at + 1] = light * 0.92 + 10 * Math.sin(y / 17);
      image.data[at + 2] = light * 0.8 + 12 * Math.sin(x / 23);
      image.data[at + 3] = 255;
    }
    pen.putImageData(image, 0, 0);
  }

  function chart(canvas, pen, random) {
    const {width, height} = canvas, count = 12;
    for (let i = 0; i < count; i++) {
      const tall = (0.2 + 0.75 * random()) * height;
      pen.fillStyle = ["#3a7bd5", "#5aa469", "#d58b3a"][i % 3];
      pen.fillRect(i * width / count + 3, height - tall, width / count - 6, tall);
    }
    pen.strokeStyle = "#888";
    pen.beginPath();
    for (let i = 0; i <= count; i++) pen.lineTo(i * width / count, height * (0.1 + 0.8 * random()));
    pen.stroke();
  }

  const painters = {code, bars, photo, chart};
  for (const canvas of document.querySelectorAll("canvas[data-paint]")) {
    painters[canvas.dataset.paint](canvas, canvas.getContext("2d"), chance(Number(canvas.dataset.seed)));
  }
})()
