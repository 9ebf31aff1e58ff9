"""Templates: where they lie, how they speak, and what is said when one of them is broken."""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    FunctionLoader,
    StrictUndefined,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
    pass_context,
)
from jinja2.sandbox import ImmutableSandboxedEnvironment

from pcap_report.additions import additions
from pcap_report.errors import UsageError
from pcap_report.render.compiled_templates import compiled_templates
from pcap_report.render.markdown_sink import MarkdownSink, translators

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jinja2.runtime import Context
    from markupsafe import Markup

_PACKAGE: Final = Path(__file__).resolve().parents[1]
ENDING: Final = ".j2"


def packaged_templates() -> Path:
    """Return the folder of our own templates: inside the wheel, or beside the package in a clone."""
    inside = _PACKAGE / "templates"
    return inside if inside.is_dir() else _PACKAGE.parent / "templates"


def profiles() -> list[str]:
    """List the report profiles that come with pcap-report."""
    return sorted(path.parent.name for path in packaged_templates().glob(f"*/report.md{ENDING}"))


def markdown_environment(sink: MarkdownSink, template_dir: Path | None = None) -> Environment:
    """Make the environment in which Markdown templates render.

    It is a sandbox: templates may come along with a capture, by a ``pcap-report.toml`` beside it.

    Args:
        sink: says things in the report's language.
        template_dir: the user's templates, which go before ours of the same path.

    Raises:
        UsageError: there is no such folder, or no template in it.
    """
    environment = ImmutableSandboxedEnvironment(
        loader=_loader(template_dir),
        autoescape=True,  # with `finalize`, everything is Markup by the time it could be escaped
        undefined=StrictUndefined,
        finalize=_finalizer(sink),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        extensions=["jinja2.ext.i18n"],
        # What is compiled serves all sinks: no filter is asked before a template renders.
        optimized=False,
        bytecode_cache=compiled_templates(packaged_templates(), Path(__file__)),
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.newstyle_gettext = True  # type: ignore[attr-defined] # the i18n extension's switch
    environment.globals.update(translators(sink))
    environment.filters.update(_filters(sink))
    return environment


def _finalizer(sink: MarkdownSink) -> Callable[[Context, object], Markup]:
    """Let the sink make values safe; with a context Jinja2 asks it for each, never while it compiles."""

    @pass_context
    def finalize(_context: Context, value: object) -> Markup:
        return sink.finalize(value)

    return finalize


def section_name(analyzer: str) -> str:
    """Name the template that an analyzer from elsewhere brings; a user's own may replace it, as ours."""
    return f"analyzers/{analyzer}.md{ENDING}"


def _brought(name: str) -> tuple[str, str, Callable[[], bool]] | None:
    for one in additions().values():
        if one.section is not None and name == section_name(one.analyzer):
            return one.section.read_text(encoding="utf-8"), str(one.section), lambda: True
    return None


def _loader(template_dir: Path | None) -> BaseLoader:
    ours = ChoiceLoader([FileSystemLoader(packaged_templates()), FunctionLoader(_brought)])
    if template_dir is None:
        return ours
    if not template_dir.is_dir():
        message = f"The template folder {template_dir} does not exist"
        raise UsageError(message, "Give --template a folder with your own *.j2 files")
    if next(template_dir.rglob(f"*{ENDING}"), None) is None:
        message = f"The template folder {template_dir} holds no *{ENDING} file"
        raise UsageError(message, "A template replaces ours of the same path, such as lab/report.md.j2")
    return ChoiceLoader([FileSystemLoader(template_dir), ours])


def _filters(sink: MarkdownSink) -> dict[str, Any]:
    return {
        "code": sink.code,
        "cell": sink.cell,
        "plain": sink.plain,
        "ms": sink.milliseconds,
        "seconds": sink.seconds,
        "size": sink.size,
        "clock": sink.clock,
        "frames": sink.frames,
        "numbers": sink.numbers,
        "filter": sink.display_filter,
        "say": sink.finalize,
        "say_cell": sink.message_cell,
    }


def render_template(environment: Environment, name: str, context: Mapping[str, Any]) -> str:
    """Render a template.

    Raises:
        UsageError: a template is broken; it names the file and the line.
    """
    try:
        return environment.get_template(name).render(context)
    except TemplateSyntaxError as error:
        broken = f"{error.filename or error.name or name}:{error.lineno}"
        raise UsageError(f"The template {broken} is broken: {_one_line(error.message)}") from error
    except TemplateNotFound as error:
        raise UsageError(f"There is no template {_one_line(str(error))}", _hint(environment)) from error
    except Exception as error:
        place = _place(error)
        if place is None or place.startswith(str(packaged_templates())):
            raise  # a mistake of ours, not of the user's template
        kind = "" if isinstance(error, TemplateError) else f"{type(error).__name__}: "
        raise UsageError(f"The template {place} is broken: {kind}{_one_line(str(error))}") from error


def template_text(environment: Environment, name: str) -> str:
    """Return a file beside the templates as it is: a stylesheet, a script."""
    assert environment.loader is not None
    return environment.loader.get_source(environment, name)[0]


def _place(error: BaseException) -> str | None:
    """Return file and line of the innermost template in an error's trace."""
    frames = traceback.extract_tb(error.__traceback__)
    places = [f"{frame.filename}:{frame.lineno}" for frame in frames if frame.filename.endswith(ENDING)]
    return places[-1] if places else None


def _one_line(text: str | None) -> str:
    return " ".join((text or "").split())


def _hint(environment: Environment) -> str:
    known = ", ".join(profiles())
    return f"The profiles are: {known}" if environment.loader is not None else known
