// read(source) tells what Mermaid understood, as JSON, with every text as a reader sees it.
mermaid.initialize({ startOnLoad: false, securityLevel: 'strict' });

const read = (() => {
  const ARROWS = {
    SOLID: '->>', DOTTED: '-->>', SOLID_OPEN: '->', DOTTED_OPEN: '-->', SOLID_CROSS: '-x', DOTTED_CROSS: '--x',
    SOLID_POINT: '-)', DOTTED_POINT: '--)', BIDIRECTIONAL_SOLID: '<<->>', BIDIRECTIONAL_DOTTED: '<<-->>',
  };
  const BLOCKS = {
    LOOP_START: 'loop', ALT_START: 'alt', ALT_ELSE: 'else', OPT_START: 'opt', PAR_START: 'par', PAR_AND: 'and',
    PAR_OVER_START: 'par_over', RECT_START: 'rect', CRITICAL_START: 'critical', CRITICAL_OPTION: 'option',
    BREAK_START: 'break',
  };
  const SILENT = ['ACTIVE_START', 'ACTIVE_END', 'AUTONUMBER', 'LOOP_END', 'ALT_END', 'OPT_END', 'PAR_END',
    'RECT_END', 'CRITICAL_END', 'BREAK_END'];
  const NAMED = { lt: '<', gt: '>', amp: '&', quot: '"' };

  // Mermaid writes #59; as \uFB02\xB0\xB059\xB6\xDF while it parses. In the drawing it makes an HTML entity of it,
  // replacing the placeholders one by one, wherever they come from.
  const seen = (text) => String(text ?? '')
    .replace(/<br\s*\/?>/gi, '\n')
    .replace(/&/g, '&amp;')
    .replace(/\uFB02\xB0\xB0/g, '&#')
    .replace(/\uFB02\xB0/g, '&')
    .replace(/\xB6\xDF/g, ';')
    .replace(/&(#)?(\w+);/g, (whole, number, entity) =>
      (number ? String.fromCodePoint(+entity) : NAMED[entity] ?? whole));
  const pairs = (table) => (table instanceof Map ? [...table] : Object.entries(table));

  function sequence(db) {
    const kinds = Object.fromEntries(Object.entries(db.LINETYPE).map(([name, number]) => [number, name]));
    const found = {
      actors: pairs(db.getActors()).map(([id, actor]) => [id, seen(actor.description)]),
      messages: [], notes: [], blocks: [],
    };
    for (const { type, from, to, message } of db.getMessages()) {
      const kind = kinds[type];
      const text = seen(message?.text ?? message);
      if (kind === 'NOTE') found.notes.push([[...new Set([from, to])], text]);
      else if (kind in BLOCKS) found.blocks.push([BLOCKS[kind], text]);
      // A participant is announced as a message of its own that nobody sends.
      else if (!SILENT.includes(kind) && typeof from === 'string') found.messages.push([from, to, text, ARROWS[kind] ?? kind]);
    }
    return found;
  }

  const FOUND = {
    sequence,
    pie: (db) => ({ sections: pairs(db.getSections()).map(([name, value]) => [seen(name), value]) }),
    gantt: (db) => ({ tasks: db.getTasks().map((task) => [seen(task.task).trim(), +task.startTime, +task.endTime]) }),
  };

  // What a directive or a front matter inside the source has changed.
  function changed() {
    const [now, site] = [mermaid.mermaidAPI.getConfig(), mermaid.mermaidAPI.getSiteConfig()];
    return Object.keys(now).filter((key) => JSON.stringify(now[key]) !== JSON.stringify(site[key]));
  }

  return async (source) => {
    // Mermaid itself looks at the length only when it draws.
    if (source.length > 50_000) return JSON.stringify({ error: 'Maximum text size in diagram exceeded' });
    try {
      await mermaid.parse(source);
      const config = changed();
      const { type, db } = await mermaid.mermaidAPI.getDiagramFromText(source);
      return JSON.stringify({
        type, config, ...FOUND[type]?.(db),
        title: seen(db.getDiagramTitle?.()),
        accessible_title: seen(db.getAccTitle?.()),
        accessible_description: seen(db.getAccDescription?.()),
      });
    } catch (problem) {
      return JSON.stringify({ error: String(problem?.message ?? problem?.str ?? problem) || 'refused' });
    }
  };
})();
