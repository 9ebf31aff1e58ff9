(() => {
  'use strict';
  const root = document.documentElement, status = document.getElementById('status'), words = document.body.dataset;
  root.classList.add('js');
  let timer;

  const say = (word, text) => {
    status.textContent = word + ': ' + text;
    status.classList.add('on');
    clearTimeout(timer);
    timer = setTimeout(() => status.classList.remove('on'), 3000);
  };

  const copyOldWay = text => {
    const area = document.createElement('textarea'), focused = document.activeElement;
    area.value = text;
    area.setAttribute('readonly', '');
    area.className = 'away';
    document.body.append(area);
    area.select();
    const done = document.execCommand('copy');
    area.remove();
    if (focused) focused.focus({preventScroll: true});
    if (!done) throw new Error('refused');
  };

  const copy = async text => {
    try {
      try { await navigator.clipboard.writeText(text); } catch (_) { copyOldWay(text); }
      say(words.copied, text);
    } catch (_) { say(words.failed, text); }
  };

  const worth = cell => {
    const data = cell.querySelector('data'), text = cell.textContent.trim();
    return data ? Number(data.value) : /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
  };

  const compare = (a, b) =>
    typeof a === 'number' && typeof b === 'number' ? a - b
      : String(a).localeCompare(String(b), root.lang, {numeric: true});

  const sort = button => {
    const head = button.closest('th'), column = head.cellIndex, body = head.closest('table').tBodies[0];
    const up = head.getAttribute('aria-sort') !== 'ascending';
    for (const other of head.parentNode.cells) other.removeAttribute('aria-sort');
    head.setAttribute('aria-sort', up ? 'ascending' : 'descending');
    const rows = Array.from(body.rows, row => [worth(row.cells[column]), row]);
    rows.sort((a, b) => up ? compare(a[0], b[0]) : compare(b[0], a[0]));
    body.append(...rows.map(pair => pair[1]));
  };

  document.addEventListener('click', event => {
    const button = event.target.closest('button'), arrow = event.target.closest('g[data-frame]');
    if (!button) {
      const frames = arrow && (arrow.dataset.frames || arrow.dataset.frame);
      if (frames) copy(/^\d+$/.test(frames) ? 'frame.number == ' + frames : 'frame.number in {' + frames + '}');
    } else if (button.classList.contains('so')) sort(button);
    else if (button.classList.contains('fr')) copy(button.title);
    else if (button.classList.contains('cp')) copy(button.previousElementSibling.textContent);
  });

  const wide = matchMedia('(min-width: 70em)'), contents = document.querySelector('.toc');
  const fold = () => { if (contents) contents.open = wide.matches; };
  fold();
  wide.addEventListener('change', fold);
  addEventListener('beforeprint', () => { if (contents) contents.open = true; });
  if (contents) contents.addEventListener('click', event => {
    if (event.target.closest('a') && !wide.matches) contents.open = false;
  });

  const boxes = document.querySelectorAll('.scroll');
  const reach = () => boxes.forEach(box => {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0; else box.removeAttribute('tabindex');
  });
  new ResizeObserver(reach).observe(document.querySelector('main'));
})();
