"""Runs in a Python that has ``uno``: starts LibreOffice in a profile of its own, and does what it is told, one JSON line a call.

Not imported by the tests; ``office.py`` starts it and talks to it over its standard streams.
"""

from __future__ import annotations

import json
import os
import sys
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import uno
from com.sun.star.accessibility.AccessibleRole import LIST, MENU, PUSH_BUTTON
from com.sun.star.beans import PropertyValue
from com.sun.star.lang import DisposedException
from com.sun.star.sheet.CellDeleteMode import UP as CELLS_UP
from com.sun.star.sheet.CellInsertMode import DOWN as CELLS_DOWN
from com.sun.star.sheet.FilterOperator2 import EQUAL
from program import Program

XLSX, ODS = "Calc MS Excel 2007 XML", "calc8"
CODES = {503: "#NUM!", 519: "#VALUE!", 521: "#NULL!", 524: "#REF!", 525: "#NAME?", 532: "#DIV/0!", 32767: "#N/A"}


def properties(**values):
    return tuple(PropertyValue(name, 0, value, 0) for name, value in values.items())


class Office(Program):
    """What the tests can ask for, and the documents that are open."""

    def __init__(self, profile, headless):
        super().__init__(profile, headless)
        self.documents = {}

    def cells(self, document, where):
        sheet, _, name = where.rpartition("!")
        sheets = self.documents[document].Sheets
        return (sheets.getByName(sheet) if sheet else sheets.getByIndex(0)).getCellRangeByName(name)

    def version(self):
        """LibreOffice's, as [25, 2]."""
        provider = self.service("com.sun.star.configuration.ConfigurationProvider")
        where = (PropertyValue("nodepath", 0, "/org.openoffice.Setup/Product", 0),)
        read = provider.createInstanceWithArguments("com.sun.star.configuration.ConfigurationAccess", where)
        return [int(number) for number in read.ooSetupVersion.split(".")]

    def is_newer(self):
        """Than 7.4: 25.2 is the next that was tried."""
        return self.version() >= [24]

    def new(self):
        return self.keep(self.desktop.loadComponentFromURL("private:factory/scalc", "_blank", 0, ()))

    def open(self, path, hidden=True, read_only=False):
        url, how = Path(path).resolve().as_uri(), properties(Hidden=hidden, ReadOnly=read_only)
        return self.keep(self.desktop.loadComponentFromURL(url, "_blank", 0, how))

    def protect(self, document, sheet, password=""):
        self.documents[document].Sheets.getByName(sheet).protect(password)

    def keep(self, document):
        if document is None:
            raise RuntimeError("the document could not be opened")
        name = uuid.uuid4().hex
        self.documents[name] = document
        return name

    def close(self, document):
        self.documents.pop(document).close(True)

    def save(self, document):
        self.documents[document].store()

    def save_as(self, document, path):
        filter_name = ODS if path.endswith(".ods") else XLSX
        self.documents[document].storeAsURL(Path(path).as_uri(), properties(FilterName=filter_name))

    def save_copy(self, document, path):
        self.documents[document].storeToURL(Path(path).as_uri(), properties(FilterName=XLSX))

    def processor(self):
        """Seconds of processor time that LibreOffice has used so far; Linux only."""
        ticks = 0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):  # It has ended meanwhile.
                fields = stat.read_text().rpartition(")")[2].split()
                if int(fields[3]) == self.process.pid:  # the session that LibreOffice has for itself
                    ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def recalculate(self, document):
        """Compute everything anew."""
        self.documents[document].calculateAll()

    def edit(self, document, where, value):
        """A number into a cell, and everything that depends on it."""
        self.cells(document, where).getCellByPosition(0, 0).setValue(value)
        self.documents[document].calculate()

    def put(self, document, where, rows):
        """Values into a range; a text that begins with = is a formula as a user types it."""
        cells = self.cells(document, where)
        for row, line in enumerate(rows):
            for col, value in enumerate(line):
                cell = cells.getCellByPosition(col, row)
                if isinstance(value, str) and value.startswith("="):
                    cell.FormulaLocal = value
                elif isinstance(value, str):
                    cell.setString(value)
                elif value is not None:
                    cell.setValue(value)

    def insert_rows(self, document, sheet, row, count):
        """Rows before the given one, counted from 1."""
        self.documents[document].Sheets.getByName(sheet).Rows.insertByIndex(row - 1, count)

    def insert_columns(self, document, sheet, col, count):
        """Columns before the given one, counted from 1."""
        self.documents[document].Sheets.getByName(sheet).Columns.insertByIndex(col - 1, count)

    def delete_columns(self, document, sheet, col, count):
        """From the given column on, counted from 1."""
        self.documents[document].Sheets.getByName(sheet).Columns.removeByIndex(col - 1, count)

    def delete_cells(self, document, where):
        """What stands below moves up."""
        cells = self.cells(document, where)
        cells.getSpreadsheet().removeRange(cells.getRangeAddress(), CELLS_UP)

    def insert_cells(self, document, where):
        """What stands there and below moves down."""
        cells = self.cells(document, where)
        cells.getSpreadsheet().insertCells(cells.getRangeAddress(), CELLS_DOWN)

    def undo(self, document):
        self.documents[document].getUndoManager().undo()

    def redo(self, document):
        self.documents[document].getUndoManager().redo()

    def copy_sheet(self, document, sheet, name):
        self.documents[document].Sheets.copyByName(sheet, name, 99)

    def rename_sheet(self, document, sheet, name):
        self.documents[document].Sheets.getByName(sheet).setName(name)

    def move_sheet(self, document, sheet, place):
        self.documents[document].Sheets.moveByName(sheet, place)

    def delete_rows(self, document, sheet, row, count):
        """From the given row on, counted from 1."""
        self.documents[document].Sheets.getByName(sheet).Rows.removeByIndex(row - 1, count)

    def hide(self, document, where):
        """Columns and rows of a range."""
        cells = self.cells(document, where)
        cells.getColumns().IsVisible = False
        cells.getRows().IsVisible = False

    def move(self, document, where, to):
        """As if a range were cut and pasted."""
        cells, place = self.cells(document, where), self.cells(document, to).getCellByPosition(0, 0).getCellAddress()
        cells.getSpreadsheet().moveRange(place, cells.getRangeAddress())

    def sort(self, document, where, column, ascending=True):
        """Rows by one of the range's columns, counted from 0."""
        field = uno.createUnoStruct("com.sun.star.table.TableSortField")
        field.Field, field.IsAscending = column, ascending
        fields = uno.Any("[]com.sun.star.table.TableSortField", (field,))
        uno.invoke(self.cells(document, where), "sort", (properties(SortFields=fields, ContainsHeader=False),))

    def filter(self, document, table, column=None, text=""):
        """As by a table's filter button: only rows with this text in a column, counted from 0; without one, all rows again."""
        cells = self.documents[document].DatabaseRanges.getByName(table).getReferredCells()
        descriptor = cells.createFilterDescriptor(True)
        descriptor.ContainsHeader = True
        if column is not None:
            field = uno.createUnoStruct("com.sun.star.sheet.TableFilterField2")
            field.Field, field.Operator, field.StringValue = column, EQUAL, text
            fields = uno.Any("[]com.sun.star.sheet.TableFilterField2", (field,))
            uno.invoke(descriptor, "setFilterFields2", (fields,))
        cells.filter(descriptor)

    def shown(self, document, where):
        """Of the rows of a range, which are shown."""
        rows = self.cells(document, where).getRows()
        return [rows.getByIndex(place).IsVisible for place in range(rows.getCount())]

    def put_array(self, document, where, formula):
        self.cells(document, where).setArrayFormula(formula)

    def formula(self, document, where):
        """As a user sees it."""
        return self.cells(document, where).getCellByPosition(0, 0).FormulaLocal

    def values(self, document, where):
        """The values in a range, error values as text."""
        return self.read(self.cells(document, where))

    def read(self, cells):
        rows = [list(row) for row in cells.getDataArray()]
        for row, line in enumerate(rows):
            for col, value in enumerate(line):
                if value is None:
                    code = cells.getCellByPosition(col, row).getError()
                    line[col] = CODES.get(code, f"Err:{code}")
        return rows

    def sheet(self, document, name):
        """All values of a sheet, from A1 on."""
        sheet = self.documents[document].Sheets.getByName(name)
        cursor = sheet.createCursor()
        cursor.gotoEndOfUsedArea(False)
        last = cursor.getRangeAddress()
        return self.read(sheet.getCellRangeByPosition(0, 0, last.EndColumn, last.EndRow))

    def sheets(self, document):
        return list(self.documents[document].Sheets.ElementNames)

    def state(self, document):
        """What a job on loading must not change."""
        model = self.documents[document]
        selection = model.getCurrentSelection()
        return {
            "modified": model.isModified(),
            "undo": list(model.getUndoManager().getAllUndoActionTitles()),
            "selection": None if selection is None else selection.AbsoluteName,
            "protected": [sheet.getName() for sheet in model.Sheets if sheet.isProtected()],
        }

    def select(self, document, where):
        self.documents[document].getCurrentController().select(self.cells(document, where))

    def dispatch(self, document, url, **arguments):
        """Call a command of the menu; gives what it tells."""
        frame = self.documents[document].getCurrentController().getFrame()
        helper = self.service("com.sun.star.frame.DispatchHelper")
        result = helper.executeDispatch(frame, url, "", 0, properties(**arguments))
        return json.loads(result.Result)

    def dispatch_and_press(self, document, url, title, button, **arguments):
        """Call a command, and press a button of the window that it shows; gives what it tells."""
        with ThreadPoolExecutor(1) as other:
            result = other.submit(self.dispatch, document, url, **arguments)
            while not result.done():
                time.sleep(0.1)
                with suppress(DisposedException):  # The window closes by itself while it is looked at.
                    for window in self.windows(title):
                        found = self.find(window, PUSH_BUTTON, button)
                        if found is not None:
                            found.doAccessibleAction(0)
        return result.result()

    def change(self, document, label, outcome):
        """The document as a command's outcome wants it."""
        from addin.calc.component.edits import edit

        edit(self.documents[document], label, outcome)

    def form(self, document, title, questions):
        """The dialog for a macro's options: what stands in it, and its size."""
        from addin.calc.component import dialogs

        dialog = dialogs.form(self.context, title, questions)
        control = dialog.show(self.documents[document].getCurrentController().getFrame())
        try:
            return [dialogs.filled(control, questions), dialog.model.Width, dialog.model.Height]
        finally:
            control.dispose()

    def windows(self, title):
        toolkit = self.service("com.sun.star.awt.Toolkit")
        found = [toolkit.getTopWindow(place) for place in range(toolkit.getTopWindowCount())]
        contexts = [window.getAccessibleContext() for window in found if window is not None]
        return [context for context in contexts if context is not None and context.getAccessibleName() == title]

    def close_all(self):
        """Closes every document, what was not saved with it."""
        for component in list(self.desktop.getComponents()):
            component.close(True)
        self.documents.clear()

    def choose_line(self, title, number):
        """Chooses a line in the list of a dialog that is open; gives the line's text."""
        [window] = self.windows(title)
        lines = self.find(window, LIST)
        lines.selectAccessibleChild(number)
        return lines.getAccessibleChild(number).getAccessibleContext().getAccessibleName()

    def told(self, title):
        """What each open dialog of a title says, above its list."""
        return [
            [window.getAccessibleChild(place).getAccessibleContext().getAccessibleName() for place in (0, 1)]
            for window in self.windows(title)
        ]

    def resize(self, document, width, height):
        window = self.documents[document].getCurrentController().getFrame().getContainerWindow()
        window.setPosSize(0, 0, width, height, 15)
        window.toFront()

    def menu_place(self, document, title):
        """The middle of an entry of the menu bar, in pixels of the screen."""
        window = self.documents[document].getCurrentController().getFrame().getContainerWindow()
        entry = self.find(window.getAccessibleContext(), MENU, title)
        place, size = entry.getLocationOnScreen(), entry.getSize()
        return [place.X + size.Width // 2, place.Y + size.Height // 2]

    def find(self, accessible, role, name=None):
        context = accessible if hasattr(accessible, "getAccessibleRole") else accessible.getAccessibleContext()
        # LibreOffice appends the key that chooses it: 取消(A).
        if context.getAccessibleRole() == role and name in (None, context.getAccessibleName().partition("(")[0]):
            return context
        for place in range(context.getAccessibleChildCount()):
            found = self.find(context.getAccessibleChild(place), role, name)
            if found is not None:
                return found
        return None

    def open_documents(self):
        """The URLs of all documents that are open."""
        return [component.getURL() for component in self.desktop.getComponents() if hasattr(component, "getURL")]

    def functions(self, prefix):
        """What the function wizard tells of functions: name, description, arguments with name, description, optional."""
        found = []
        descriptions = self.service("com.sun.star.sheet.FunctionDescriptions")
        for place in range(descriptions.getCount()):
            told = {each.Name: each.Value for each in descriptions.getByIndex(place)}
            if told["Name"].startswith(prefix):
                arguments = [[each.Name, each.Description, each.IsOptional] for each in told["Arguments"]]
                found.append({"name": told["Name"], "description": told["Description"], "arguments": arguments})
        return found

    def menu(self):
        """The titles of the extension's menu entries, as configured."""
        provider = self.service("com.sun.star.configuration.ConfigurationProvider")
        path = "/org.openoffice.Office.Addons/AddonUI/OfficeMenuBar/cn.kaohe.calc.menu"
        access = provider.createInstanceWithArguments(
            "com.sun.star.configuration.ConfigurationAccess", properties(nodepath=path)
        )
        entries = access.getByName("Submenu")
        titles = [entries.getByName(name).getPropertyValue("Title") for name in sorted(entries.ElementNames)]
        return [access.getPropertyValue("Title"), *titles]


def main():
    sys.path.insert(0, str(Path(__file__).parents[2]))
    office = Office(sys.argv[1], headless=sys.argv[2] == "headless")
    answers = sys.stdout
    sys.stdout = sys.stderr
    print(json.dumps("ready"), file=answers, flush=True)
    for line in sys.stdin:
        name, arguments, options = json.loads(line)
        try:
            answer = {"result": getattr(office, name)(*arguments, **options)}
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer, ensure_ascii=True), file=answers, flush=True)
        if name == "quit":
            return
    office.quit()


if __name__ == "__main__":
    main()
