"""The dialogs of the menu's commands, made of LibreOffice's own controls."""

from __future__ import annotations

import time
from typing import Any, Callable, Sequence

import unohelper
from com.sun.star.awt import XActionListener, XItemListener, XTopWindowListener
from com.sun.star.style.VerticalAlignment import MIDDLE as _MIDDLE

_MODEL = "com.sun.star.awt.UnoControl{}Model"
_MARGIN, _LINE, _LABEL = 6, 14, 70
_OK = 1
_OK_OR_CANCEL = ({"Label": "确定", "PushButtonType": 1, "DefaultButton": True}, {"Label": "取消", "PushButtonType": 2})
_SEVERAL, _TALLEST = 4, 11
"""Lines of a list of which several may be chosen, and of a form that has one column."""
_POSITION = 3  # com.sun.star.awt.PosSize.POS
_PATIENCE = 2
"""Seconds before a command that still runs says so."""

_ACROSS, _MOST_TOLD = 100, 5
"""Columns that a line of the widest dialog holds, a Chinese character taking two; lines of what is told above a list."""

_open: list[tuple[Any, Any]] = []
"""Windows that stay open beside the document, each with the document's frame; Python would let go of them."""


class _Item(unohelper.Base, XItemListener):
    def __init__(self, chosen: Callable[[int], None]) -> None:
        self._chosen = chosen

    def itemStateChanged(self, event: Any) -> None:
        self._chosen(event.Selected)

    def disposing(self, event: Any) -> None:
        pass


class _Pressed(unohelper.Base, XActionListener):
    def __init__(self, pressed: Callable[[], None]) -> None:
        self._pressed = pressed

    def actionPerformed(self, event: Any) -> None:
        self._pressed()

    def disposing(self, event: Any) -> None:
        pass


class _Closing(unohelper.Base, XTopWindowListener, XActionListener):
    """Lets a window go when it is closed, by its own button or the window manager's."""

    def __init__(self, dialog: Any) -> None:
        self._dialog = dialog

    def _close(self) -> None:
        if self._forget():
            self._dialog.dispose()

    def _forget(self) -> bool:
        kept = [each for each in _open if each[1] != self._dialog]
        was_open = len(kept) < len(_open)
        _open[:] = kept
        return was_open

    def windowClosing(self, event: Any) -> None:
        self._close()

    def actionPerformed(self, event: Any) -> None:
        self._close()

    def disposing(self, event: Any) -> None:
        self._forget()

    def windowOpened(self, event: Any) -> None:
        pass

    windowClosed = windowMinimized = windowNormalized = windowActivated = windowDeactivated = windowOpened


class Dialog:
    """A dialog with controls one below the other."""

    def __init__(self, context: Any, title: str, width: int) -> None:
        self._manager, self._context = context.ServiceManager, context
        self.model = self._new("com.sun.star.awt.UnoControlDialogModel")
        self.model.Title, self.model.Width, self.model.Closeable, self.model.Sizeable = title, width, True, False
        self._whole = self._width = width - 2 * _MARGIN
        self._left = self._y = self._top = self._lowest = _MARGIN

    def _new(self, service: str) -> Any:
        return self._manager.createInstanceWithContext(service, self._context)

    def add(self, kind: str, name: str, lines: float = 1, **properties: Any) -> Any:
        """A control over the whole width, some lines high."""
        return self._place(kind, name, self._left, self._width, lines, True, properties)

    def beside(self, label: str, kind: str, name: str, lines: float = 1, **properties: Any) -> None:
        """A control with its label at its left."""
        self._place(
            "FixedText", f"{name}_label", self._left, _LABEL, 1, False, {"Label": label, "VerticalAlign": _MIDDLE}
        )
        self._place(kind, name, self._left + _LABEL, self._width - _LABEL, lines, True, properties)

    def column(self, place: int, columns: int) -> None:
        """Go on at the top of one of some columns that stand beside each other."""
        self._top = self._y if place == 0 else self._top
        self._lowest, self._y = max(self._lowest, self._y), self._top
        self._width = (self._whole - (columns - 1) * 2 * _MARGIN) // columns
        self._left = _MARGIN + place * (self._width + 2 * _MARGIN)

    def whole(self) -> None:
        """Go on below all columns, over the whole width."""
        self._left, self._width, self._y = _MARGIN, self._whole, max(self._lowest, self._y)

    def buttons(self, *buttons: dict[str, Any]) -> None:
        """A row of buttons at the right."""
        wide = 50
        for place, properties in enumerate(buttons):
            left = self._left + self._width - (len(buttons) - place) * (wide + 4) + 4
            self._place("Button", f"button{place}", left, wide, 1, place == len(buttons) - 1, properties)

    def _place(
        self, kind: str, name: str, left: int, width: int, lines: float, advance: bool, properties: dict[str, Any]
    ) -> Any:
        model = self.model.createInstance(_MODEL.format(kind))
        model.Name, model.PositionX, model.PositionY = name, left, self._y
        model.Width, model.Height = width, int(lines * _LINE)
        for key, value in properties.items():
            setattr(model, key, value)
        self.model.insertByName(name, model)
        if advance:
            self._y += model.Height + 4
        return model

    def show(self, frame: Any) -> Any:
        """The control of the finished dialog, in front of a document's window."""
        self.model.Height = self._y + _MARGIN
        control = self._new("com.sun.star.awt.UnoControlDialog")
        control.setModel(self.model)
        control.createPeer(self._new("com.sun.star.awt.Toolkit"), frame.getContainerWindow())
        _place(control, frame, 0.5)
        return control


def choose(context: Any, frame: Any, title: str, prompt: str, items: Sequence[str]) -> int | None:
    """Which of the items the user has chosen, None if none."""
    dialog = Dialog(context, title, 220)
    dialog.add("FixedText", "prompt", Label=prompt)
    dialog.add("ListBox", "list", 12, StringItemList=tuple(items), SelectedItems=(0,))
    dialog.buttons(*_OK_OR_CANCEL)
    control = dialog.show(frame)
    try:
        return control.getControl("list").getSelectedItemPos() if control.execute() == _OK else None
    finally:
        control.dispose()


def fields(context: Any, frame: Any, title: str, questions: Sequence[dict[str, Any]]) -> dict[str, str] | None:
    """What the user chooses and fills in for a macro's options, by name, blanks left out; None if he gives up."""
    control = form(context, title, questions).show(frame)
    try:
        if control.execute() != _OK:
            return None
        return filled(control, questions)
    finally:
        control.dispose()


def form(context: Any, title: str, questions: Sequence[dict[str, Any]]) -> Dialog:
    """All questions on one page, many of them in two columns."""
    heights = [_SEVERAL if question["several"] else 1 for question in questions]
    columns = 2 if sum(heights) > _TALLEST else 1
    dialog = Dialog(context, title, 230 * columns + 40)
    several = "清单可按 Ctrl 选几项；" if any(question["several"] for question in questions) else ""
    prompt = f"不选、不填的由程序决定；{several}鼠标指着一项，可以看它的说明。"
    dialog.add("FixedText", "prompt", Label=prompt, NoLabel=True)
    for column in range(columns):
        dialog.column(column, columns)
        for place, question in enumerate(questions):
            if int(sum(heights[:place]) * columns / sum(heights)) == column:
                _field(dialog, question)
    dialog.whole()
    dialog.buttons(*_OK_OR_CANCEL)
    return dialog


def filled(control: Any, questions: Sequence[dict[str, Any]]) -> dict[str, str]:
    """What stands in the form."""
    found = {question["name"]: _filled(question, control.getControl(question["name"])) for question in questions}
    return {name: value for name, value in found.items() if value}


def _field(dialog: Dialog, question: dict[str, Any]) -> None:
    name, label, kind, default = (question[key] for key in ("name", "label", "kind", "default"))
    choices, told = tuple(question["choices"]), {"HelpText": question["description"]}
    if kind == "是否":
        dialog.beside("", "CheckBox", name, Label=label, State=int(default == choices[0]), **told)
    elif question["several"]:
        chosen = tuple(place for place, choice in enumerate(choices) if choice in default.split("、"))
        dialog.beside(
            label, "ListBox", name, _SEVERAL, MultiSelection=True, StringItemList=choices, SelectedItems=chosen, **told
        )
    elif kind == "一个人":
        dialog.beside(
            label, "ComboBox", name, Dropdown=True, Autocomplete=True, LineCount=12, StringItemList=choices,
            Text=default, **told
        )  # fmt: skip
    elif choices:
        items = choices if default in choices else ("", *choices)
        dialog.beside(
            label, "ListBox", name, Dropdown=True, LineCount=12, StringItemList=items,
            SelectedItems=(items.index(default),), **told
        )  # fmt: skip
    else:
        dialog.beside(label, "FileControl" if kind == "文件" else "Edit", name, Text=default, **told)


def _filled(question: dict[str, Any], control: Any) -> str:
    if question["kind"] == "是否":
        return str(question["choices"][0 if control.getState() else 1])
    if question["several"]:
        return "、".join(control.getSelectedItems())
    is_list = question["choices"] and question["kind"] != "一个人"
    return str(control.getSelectedItem() if is_list else control.getText())


class Waiting:
    """Shown while a command runs that takes longer; asked again and again, it says whether the user has cancelled."""

    def __init__(self, context: Any, frame: Any, title: str) -> None:
        self._context, self._frame, self._title = context, frame, title
        self._toolkit = context.ServiceManager.createInstanceWithContext("com.sun.star.awt.Toolkit", context)
        self._begun = time.monotonic()
        self._dialog: Any = None
        self._is_cancelled = False
        self._window = frame.getContainerWindow()
        self._window.setEnable(False)

    def __call__(self) -> bool:
        passed = int(time.monotonic() - self._begun)
        if self._dialog is None and passed >= _PATIENCE:
            self._show()
        if self._dialog is not None:
            self._dialog.getControl("told").setText(f"正在运行“{self._title}”，已用 {passed} 秒……")
        # LibreOffice goes on drawing its windows, and hears the button.
        self._toolkit.processEventsToIdle()
        return self._is_cancelled

    def _show(self) -> None:
        dialog = Dialog(self._context, self._title, 180)
        dialog.add("FixedText", "told", 2)
        dialog.buttons({"Label": "取消"})
        self._dialog = dialog.show(self._frame)
        self._dialog.getControl("button0").addActionListener(_Pressed(self._cancel))
        self._dialog.setVisible(True)

    def _cancel(self) -> None:
        self._is_cancelled = True

    def end(self) -> None:
        self._window.setEnable(True)
        if self._dialog is not None:
            self._dialog.dispose()


def messages(
    context: Any, frame: Any, title: str, told: str, lines: Sequence[str], chosen: Callable[[int], None]
) -> None:
    """What came of a command, and a list that stays open beside the document; choosing a line calls ``chosen`` with its number."""
    dialog = Dialog(context, title, 340)
    if told:
        parts = told.split("\n")
        height = sum(max(1, -(-_columns(part) // _ACROSS)) for part in parts)
        dialog.add("FixedText", "told", 0.7 * min(height, _MOST_TOLD) + 0.3, Label=told, MultiLine=True, NoLabel=True)
    dialog.add("FixedText", "prompt", Label="单击一行，转到它所说的单元格。改好以后请再次运行。", NoLabel=True)
    dialog.add("ListBox", "list", 9, StringItemList=tuple(lines))
    dialog.buttons({"Label": "关闭"})
    control = dialog.show(frame)
    closing = _Closing(control)
    control.getControl("list").addItemListener(_Item(chosen))
    control.getControl("button0").addActionListener(closing)
    control.addTopWindowListener(closing)
    _open.append((frame, control))
    # At the lower right it hides the fewest cells.
    _place(control, frame, 0.9)
    control.setVisible(True)


def close_messages(frame: Any) -> None:
    """Lets the lists go that earlier commands have left beside a document."""
    for each in [each for each in _open if each[0] == frame]:
        _open.remove(each)
        each[1].dispose()


def _columns(text: str) -> int:
    return sum(2 if ord(char) > 0x2E7F else 1 for char in text)


def _place(dialog: Any, frame: Any, share: float) -> None:
    """So far across and down the document's window: 0.5 is the middle, where LibreOffice itself puts its dialogs."""
    window, own = frame.getContainerWindow().getPosSize(), dialog.getPosSize()
    left, top = share * (window.Width - own.Width), share * (window.Height - own.Height)
    dialog.setPosSize(max(0, int(left)), max(0, int(top)), 0, 0, _POSITION)


def tell(frame: Any, title: str, text: str, is_error: bool = False) -> None:
    """A message with an OK button."""
    from com.sun.star.awt.MessageBoxType import ERRORBOX, INFOBOX

    window = frame.getContainerWindow()
    box = window.getToolkit().createMessageBox(window, ERRORBOX if is_error else INFOBOX, _OK, title, text)
    box.execute()


def file_to_save(context: Any, name: str) -> str | None:
    """The URL under which a new workbook shall be saved, None if the user gives up."""
    picker = context.ServiceManager.createInstanceWithArgumentsAndContext(
        "com.sun.star.ui.dialogs.FilePicker",
        (10,),
        context,  # FILESAVE_AUTOEXTENSION
    )
    picker.appendFilter("Excel 工作簿（.xlsx）", "*.xlsx")
    picker.setDefaultName(name)
    return picker.getSelectedFiles()[0] if picker.execute() == _OK else None
