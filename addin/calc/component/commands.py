"""The commands of the menu 考核, run on the document from which they are called."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any, Callable, Dict

import uno
import unohelper
from com.sun.star.beans import PropertyValue
from com.sun.star.frame import DispatchResultEvent, XDispatchProvider, XNotifyingDispatch
from com.sun.star.frame.DispatchResultState import FAILURE, SUCCESS
from com.sun.star.lang import XInitialization, XServiceInfo

from addin.calc.component import dialogs, menu
from addin.calc.component.binding import bind
from addin.calc.component.clipboard import copied_file
from addin.calc.component.edits import edit, refuse_closed
from addin.calc.component.environment import Cancelled, CommandError, interpreter, kaohe, run
from addin.calc.component.identity import COMMANDS, IDENTIFIER, PROTOCOL, SPREADSHEET
from addin.calc.component.saved import is_workbook
from addin.portable.filenames import file_name

TITLE = "考核"
_XLSX = "Calc MS Excel 2007 XML"
_MOST_OPENED = 3
"""Of what a macro makes, as in Excel: of everybody's own file a window each would be too many."""
Result = Dict[str, Any]


def _properties(**values: Any) -> Any:
    return tuple(PropertyValue(name, 0, value, 0) for name, value in values.items())


class Commands(unohelper.Base, XDispatchProvider, XNotifyingDispatch, XInitialization, XServiceInfo):
    """Takes every address of the extension's own protocol; a command's result goes back as JSON to who asks for it."""

    def __init__(self, context: Any, *_: Any) -> None:
        self._context = context
        self._frame: Any = None

    def initialize(self, arguments: Any) -> None:
        if arguments:
            self._frame = arguments[0]

    def getImplementationName(self) -> str:
        return COMMANDS

    def getSupportedServiceNames(self) -> tuple[str, ...]:
        return ("com.sun.star.frame.ProtocolHandler", COMMANDS)

    def supportsService(self, name: str) -> bool:
        return name in self.getSupportedServiceNames()

    def queryDispatch(self, url: Any, target: str, flags: int) -> Any:
        return self if url.Protocol == PROTOCOL else None

    def queryDispatches(self, requests: Any) -> Any:
        return tuple(self.queryDispatch(each.FeatureURL, each.FrameName, each.SearchFlags) for each in requests)

    def addStatusListener(self, listener: Any, url: Any) -> None:
        pass

    def removeStatusListener(self, listener: Any, url: Any) -> None:
        pass

    def dispatch(self, url: Any, arguments: Any) -> None:
        self._perform(url.Path, arguments)

    def dispatchWithNotification(self, url: Any, arguments: Any, listener: Any) -> None:
        result = self._perform(url.Path, arguments)
        if listener is not None:
            state = FAILURE if "error" in result else SUCCESS
            listener.dispatchFinished(DispatchResultEvent(self, state, json.dumps(result, ensure_ascii=False)))

    def _perform(self, path: str, arguments: Any) -> Result:
        given = {argument.Name: argument.Value for argument in arguments}
        try:
            return Command(self._context, self._frame, given).perform(path)
        except CommandError as error:
            told = str(error)
        except Exception as error:  # The office swallows what a command raises, of UNO's own kinds too.
            told = f"没有完成：{getattr(error, 'Message', '') or repr(error)}"
        dialogs.tell(self._frame, TITLE, told, is_error=True)
        return {"error": told}


class Command:
    """One call of a command. What is given with the call is not asked for."""

    def __init__(self, context: Any, frame: Any, given: dict[str, Any]) -> None:
        self._context, self._frame, self._given = context, frame, given

    def perform(self, path: str) -> Result:
        performs: dict[str, Callable[[], Result]] = {
            menu.NEW.name: self._new,
            menu.RECALCULATE.name: self._recalculate,
            menu.HANDBOOK.name: self._handbook,
            menu.ABOUT.name: self._about,
        }
        if path in performs:
            return performs[path]()
        return self._macro(next(macro for macro in menu.macros() if macro["name"] == path))

    @property
    def _document(self) -> Any:
        document = self._frame.getController().getModel()
        if not document.supportsService(SPREADSHEET):
            raise CommandError("请先打开一个电子表格。")
        return document

    def _new(self) -> Result:
        schemes = [line.split(None, 1) for line in kaohe("list").splitlines()]
        slug = self._given.get("Scheme")
        if slug is None:
            chosen = dialogs.choose(
                self._context, self._frame, "新建考核表", "请选择考核方案：", [title for _, title in schemes]
            )
            if chosen is None:
                return {}
            slug = schemes[chosen][0]
        url = self._given.get("URL")
        if url is None:
            title = next(title for name, title in schemes if name == slug)
            url = dialogs.file_to_save(self._context, f"{file_name(title)}.xlsx")
            if url is None:
                return {}
        if not url.startswith("file:"):
            raise CommandError(f"新工作簿只能保存在这台电脑的文件夹中，现为 {url}")
        kaohe("new", slug, "-o", uno.fileUrlToSystemPath(url), "--force")
        self._open(url)
        return {"documents": [url]}

    def _open(self, url: str) -> None:
        self._frame.getCreator().loadComponentFromURL(url, "_default", 0, ())

    def _recalculate(self) -> Result:
        document = self._document
        bind(document)
        document.calculateAll()
        return {}

    def _macro(self, macro: dict[str, Any]) -> Result:
        document = self._document
        folder = Path(tempfile.mkdtemp(prefix="kaohe-"))
        try:
            outcome = self._outcome(document, macro, folder)
        finally:
            # What was copied there holds what people have earned.
            shutil.rmtree(str(folder), ignore_errors=True)
        if outcome is None:
            return {}
        self._apply(document, macro, outcome)
        return outcome

    def _outcome(self, document: Any, macro: dict[str, Any], folder: Path) -> Result | None:
        """What comes of a macro; None if the user gives up. ``folder``: for copies of what it reads."""
        source, lasting = _source(document, folder), document.getURL() or document.getTitle()
        options = self._options(macro, source[0], lasting)
        if options is None:
            return None
        for option in macro["options"]:
            if option["is_file"] and not options.get(option["name"]) and (copied := copied_file(self._context, folder)):
                options = {**options, option["name"]: copied}
        arguments = [*source, "--cell", self._selected(), *_given_options(options)]
        if "Options" not in self._given:
            arguments += ["--remember", lasting]
        waiting = dialogs.Waiting(self._context, self._frame, macro["label"])
        try:
            return run(macro["name"], *arguments, is_cancelled=waiting)
        except Cancelled:
            return None
        finally:
            waiting.end()

    def _options(self, macro: dict[str, Any], path: str, lasting: str) -> Any:
        """What is chosen among what this workbook has; None if the user gives up."""
        if not macro["options"]:
            return {}
        if "Options" in self._given:
            return json.loads(self._given["Options"])
        asked = ["run", macro["name"], path, "--ask", "--cell", self._selected(), "--remember", lasting]
        waiting = dialogs.Waiting(self._context, self._frame, macro["label"])
        try:
            questions = json.loads(kaohe(*asked, is_cancelled=waiting))
        except Cancelled:
            return None
        finally:
            waiting.end()
        return dialogs.fields(self._context, self._frame, macro["label"], questions)

    def _selected(self) -> str:
        """The cell at which the selection begins, as ``Sheet!A1``."""
        selection = self._document.getCurrentSelection()
        if not hasattr(selection, "getRangeAddress"):
            return ""
        address = selection.getRangeAddress()
        sheet = self._document.Sheets.getByIndex(address.Sheet)
        column = sheet.Columns.getByIndex(address.StartColumn).getName()
        return f"{sheet.getName()}!{column}{address.StartRow + 1}"

    def _apply(self, document: Any, macro: dict[str, Any], outcome: Result) -> None:
        if outcome["rows"] or outcome["edits"]:
            refuse_closed(document, outcome)
            edit(document, macro["label"], outcome)
        documents = outcome["documents"]
        for path in documents[:_MOST_OPENED]:
            self._open(uno.systemPathToFileUrl(path))
        told = [outcome["summary"]] if outcome["summary"] else []
        if len(documents) > _MOST_OPENED:
            folder = os.path.commonpath([os.path.dirname(path) for path in documents])
            told.append(f"共生成 {len(documents)} 个文件，保存在 {folder}，打开了前 {_MOST_OPENED} 个")
        dialogs.close_messages(self._frame)
        found = outcome["messages"]
        if found:
            controller = self._frame.getController()
            dialogs.messages(
                self._context, self._frame, macro["label"], "\n".join(told), _lines(found),
                lambda place: _select(controller, found[place]),
            )  # fmt: skip
        elif told:
            dialogs.tell(self._frame, macro["label"], "\n".join(told))

    def _handbook(self) -> Result:
        page = f"{self._location()}/handbook.html"
        shell = self._service("com.sun.star.system.SystemShellExecute")
        if not self._given.get("Quiet"):
            shell.execute(page, "", 1)  # URIS_ONLY
        return {"documents": [page]}

    def _about(self) -> Result:
        version = next(each[1] for each in self._packages().getExtensionList() if each[0] == IDENTIFIER)
        try:
            environment = f"Python 环境：{interpreter()}"
        except CommandError as error:
            environment = str(error)
        text = f"KAOHE 绩效考核 {version}\n\n{environment}\n\nMIT 许可证"
        dialogs.tell(self._frame, "关于 KAOHE", text)
        return {"summary": text}

    def _service(self, name: str) -> Any:
        return self._context.ServiceManager.createInstanceWithContext(name, self._context)

    def _packages(self) -> Any:
        return self._context.getByName("/singletons/com.sun.star.deployment.PackageInformationProvider")

    def _location(self) -> str:
        location: str = self._packages().getPackageLocation(IDENTIFIER)
        return location


def _source(document: Any, folder: Path) -> list[str]:
    """The workbook that a macro reads, and where it puts new ones: the file itself if it holds what is on the screen, else a copy."""
    url = document.getURL()
    path = Path(uno.fileUrlToSystemPath(url)) if url.startswith("file:") else None
    if path is not None and is_workbook(path) and not document.isModified():
        return [str(path)]
    copy = folder / f"{file_name(path.stem if path else document.getTitle())}.xlsx"
    document.storeToURL(uno.systemPathToFileUrl(str(copy)), _properties(FilterName=_XLSX))
    return [str(copy), "-o", str(path.parent) if path else tempfile.mkdtemp(prefix="kaohe-")]


def _lines(found: list[dict[str, Any]]) -> list[str]:
    """Messages with their cells in front, behind where they make up a tree."""
    is_tree = any(each["text"].startswith(" ") for each in found)
    form = "{text}  [{sheet}!{cell}]" if is_tree else "{sheet}!{cell}  {text}"
    return [form.format(**each) if each["cell"] else each["text"] for each in found]


def _given_options(options: dict[str, Any]) -> list[str]:
    return [argument for name, value in options.items() for argument in ("--option", f"{name}={value}")]


def _select(controller: Any, message: dict[str, Any]) -> None:
    if message.get("sheet") and message.get("cell"):
        sheet = controller.getModel().Sheets.getByName(message["sheet"])
        controller.select(sheet.getCellRangeByName(message["cell"]))
