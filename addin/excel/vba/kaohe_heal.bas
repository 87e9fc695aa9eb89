Option Explicit
Option Private Module

' Formulas that don't know our functions: from a file that was made elsewhere (plain names, which Excel looks up only when
' a formula is entered), that was saved beside another copy of this add-in, or by LibreOffice. They are entered again.

Private Const OTHER_BOOKS As Long = 1          ' xlExcelLinks, xlLinkTypeExcelLinks
Private Const CELLS_WITH_FORMULAS As Long = -4123
Private Const MANUAL As Long = -4135
Private Const NEVER_UPDATE As Long = 2         ' xlUpdateLinksNever
Private Const UNKNOWN_NAME As String = "2029"  ' #NAME?
Private Const LONGEST_ARRAY_FORMULA As Long = 255
Private Const ROWS_AT_ONCE As Long = 2000
Private Const IN_FORMULAS As Long = -4123      ' xlFormulas
Private Const ANY_PART As Long = 2             ' xlPart
Private Const OUR_NAME As String = "KAOHE"

Private mSeen As Collection
Private mFailure As String     ' the workbook that was last told of

' Once a workbook; Excel activates them all the time. It counts as seen only after it was looked through.
Public Sub KaoheHealOnce(ByVal Wb As Workbook)
    Dim known As String, told As String
    If mSeen Is Nothing Then Set mSeen = New Collection
    On Error Resume Next
    known = mSeen(Wb.FullName)
    On Error GoTo 0
    If Len(known) > 0 Then Exit Sub
    On Error GoTo Failed
    KaoheHeal Wb, False
    mSeen.Add Wb.FullName, Wb.FullName
    Exit Sub
Failed:
    told = Err.Description
    ' "Connecting formulas failed: ... "
    If mFailure <> Wb.FullName Then MsgBox U("\u91cd\u65b0\u8fde\u63a5\u8003\u6838\u516c\u5f0f\u65f6\u51fa\u9519,\u516c\u5f0f\u4fdd\u6301\u539f\u6837\u3002\u8bf7\u5728\u201c\u8003\u6838\u201d\u9009\u9879\u5361\u70b9\u201c\u4fee\u590d\u516c\u5f0f\u201d\u518d\u8bd5:") & vbLf & told, vbExclamation, Wb.Name
    mFailure = Wb.FullName
End Sub

' Forget a workbook, which will be looked through again when it is next active.
Public Sub KaoheForget(ByVal Wb As Workbook)
    On Error Resume Next
    mSeen.Remove Wb.FullName
End Sub

' Heal a workbook; returns how many formulas were entered again. Everything: also those that seem well.
Public Function KaoheHeal(ByVal Wb As Workbook, ByVal Everything As Boolean) As Long
    Dim sheet As Worksheet, found As Collection, columns As Collection, ill As New Collection, isBound As Boolean, message As String
    If Wb Is ThisWorkbook Then Exit Function
    If Wb.IsAddin Then Exit Function
    isBound = HasLink(Wb, True) And Not HasLink(Wb, False)
    For Each sheet In Wb.Worksheets
        If HasOurs(sheet) Then
            Set columns = OurColumns(sheet)
            Set found = IllCells(sheet, columns, Everything Or Not isBound)
            Set columns = IllColumns(columns, Everything Or Not isBound)
            If found.Count + columns.Count > 0 Then ill.Add Array(sheet, columns, found)
        End If
    Next sheet
    If ill.Count > 0 Then KaoheHeal = EnterAgain(Wb, ill, message)
    ' "These sheets are protected by a password; unprotect them and choose ..."
    If Len(message) > 0 Then MsgBox U("\u4ee5\u4e0b\u5de5\u4f5c\u8868\u8bbe\u6709\u5bc6\u7801\u4fdd\u62a4\uff0c\u5176\u4e2d\u7684\u8003\u6838\u516c\u5f0f\u65e0\u6cd5\u91cd\u65b0\u8fde\u63a5\u3002\u8bf7\u64a4\u9500\u4fdd\u62a4\u540e\uff0c\u5728\u201c\u8003\u6838\u201d\u9009\u9879\u5361\u70b9\u201c\u4fee\u590d\u516c\u5f0f\u201d\uff1a") & vbLf & message, vbInformation, Wb.Name
End Function

' Calculate the tables column by column, so that a whole column is one call of Python; what Excel calculates afterwards
' in its own order is known by then.
Public Sub KaoheCalculateColumns(ByVal Wb As Workbook)
    Dim sheet As Worksheet, column As Variant, calculation As Long
    calculation = Application.Calculation
    On Error GoTo Restore
    Application.Calculation = MANUAL
    For Each sheet In Wb.Worksheets
        If HasOurs(sheet) Then
            For Each column In OurColumns(sheet)
                column.Calculate
            Next column
        End If
    Next sheet
Restore:
    Application.Calculation = calculation
End Sub

' Whether any formula of a sheet calls our functions: all that a workbook of others costs.
Private Function HasOurs(ByVal Sheet As Worksheet) As Boolean
    HasOurs = Not Sheet.UsedRange.Find(OUR_NAME, , IN_FORMULAS, ANY_PART, , , False) Is Nothing
End Function

' The cells of those columns of tables that have one formula all over, with calls of our functions.
Private Function OurColumns(ByVal Sheet As Worksheet) As Collection
    Dim table As ListObject, column As ListColumn, body As Range, found As New Collection
    Set OurColumns = found
    For Each table In Sheet.ListObjects
        For Each column In table.ListColumns
            Set body = column.DataBodyRange
            If Not body Is Nothing Then
                If IsOneFormula(body) Then If KaoheCallsIn(CStr(body.Cells(1, 1).Formula)) > 0 Then found.Add body
            End If
        Next column
    Next table
End Function

Private Function IsOneFormula(ByVal Body As Range) As Boolean
    Dim formulas As Variant, row As Long, first As String
    first = CStr(Body.Cells(1, 1).Formula)
    If Left$(first, 1) <> "=" Then Exit Function
    If InStr(1, first, OUR_NAME, vbTextCompare) = 0 Then Exit Function
    If Body.Cells(1, 1).HasArray Then Exit Function
    formulas = Body.FormulaR1C1
    If IsArray(formulas) Then
        For row = 2 To UBound(formulas, 1)
            If formulas(row, 1) <> formulas(1, 1) Then Exit Function
        Next row
    End If
    IsOneFormula = True
End Function

Private Function IllColumns(ByVal Columns As Collection, ByVal Everything As Boolean) As Collection
    Dim column As Variant, text As String, found As New Collection
    Set IllColumns = found
    For Each column In Columns
        text = CStr(column.Cells(1, 1).Formula)
        If Everything Or KaoheCleanFormula(text) <> text Or IsUnknownName(column.Cells(1, 1)) Or IsUnknownName(column.Cells(column.Rows.Count, 1)) Then found.Add column
    Next column
End Function

Private Function IsInside(ByVal Cell As Range, ByVal Columns As Collection) As Boolean
    Dim column As Variant
    For Each column In Columns
        If Cell.Column = column.Column Then If Cell.Row >= column.Row And Cell.Row < column.Row + column.Rows.Count Then IsInside = True
    Next column
End Function

' Whether a workbook refers to this add-in where it is now, or else to a copy of it elsewhere.
Private Function HasLink(ByVal Wb As Workbook, ByVal Here As Boolean) As Boolean
    Dim links As Variant, i As Long
    links = Wb.LinkSources(OTHER_BOOKS)
    If IsEmpty(links) Then Exit Function
    For i = LBound(links) To UBound(links)
        If LCase$(KaoheFileName(links(i))) = LCase$(ThisWorkbook.Name) Then
            If (LCase$(links(i)) = LCase$(ThisWorkbook.FullName)) = Here Then HasLink = True
        End If
    Next i
End Function

' The other cells of a sheet whose formulas call our functions and have to be entered again; of an array formula its first.
Private Function IllCells(ByVal Sheet As Worksheet, ByVal Columns As Collection, ByVal Everything As Boolean) As Collection
    Dim found As New Collection, cells As Range, area As Range, first As Long, last As Long
    Set IllCells = found
    On Error Resume Next
    Set cells = Sheet.UsedRange.SpecialCells(CELLS_WITH_FORMULAS)
    On Error GoTo 0
    If cells Is Nothing Then
        ' Excel doesn't tell on a protected sheet.
        If Not Sheet.ProtectContents Then Exit Function
        Set cells = Sheet.UsedRange
    End If
    For Each area In cells.Areas
        For first = 1 To area.Rows.Count Step ROWS_AT_ONCE
            last = first + ROWS_AT_ONCE - 1
            If last > area.Rows.Count Then last = area.Rows.Count
            AddIll found, Sheet.Range(area.Cells(first, 1), area.Cells(last, area.Columns.Count)), Columns, Everything
        Next first
    Next area
End Function

Private Sub AddIll(ByVal Found As Collection, ByVal Block As Range, ByVal Columns As Collection, ByVal Everything As Boolean)
    Dim formulas As Variant, text As String, row As Long, column As Long, cell As Range
    formulas = Block.Formula
    For row = 1 To Block.Rows.Count
        For column = 1 To Block.Columns.Count
            If IsArray(formulas) Then text = CStr(formulas(row, column)) Else text = CStr(formulas)
            If Left$(text, 1) = "=" Then
                If KaoheCallsIn(text) > 0 Then
                    Set cell = Block.Cells(row, column)
                    If Not IsInside(cell, Columns) And IsFirst(cell) Then
                        If Everything Or KaoheCleanFormula(text) <> text Or IsUnknownName(cell) Then Found.Add cell
                    End If
                End If
            End If
        Next column
    Next row
End Sub

' Whether a cell holds its formula itself, and not as a further cell of an array formula or of what one spills.
Private Function IsFirst(ByVal Cell As Range) As Boolean
    Dim late As Object, parent As String
    IsFirst = True
    If Cell.HasArray Then
        IsFirst = Cell.CurrentArray.Cells(1, 1).Address = Cell.Address
        Exit Function
    End If
    Set late = Cell
    On Error Resume Next   ' versions before dynamic arrays know no spills
    parent = late.SpillParent.Address
    If Len(parent) > 0 Then IsFirst = parent = Cell.Address
End Function

Private Function IsUnknownName(ByVal Cell As Range) As Boolean
    ' "Error 2029", in whatever language.
    If IsError(Cell.Value) Then IsUnknownName = Right$(CStr(Cell.Value), Len(UNKNOWN_NAME)) = UNKNOWN_NAME
End Function

' Everything about the workbook and about Excel is afterwards as it was before, but for the formulas.
Private Function EnterAgain(ByVal Wb As Workbook, ByVal Ill As Collection, ByRef Message As String) As Long
    Dim entry As Variant, sheet As Worksheet, cell As Variant, guard As Collection, guards As New Collection
    Dim failure As String, wasSaved As Boolean, calculation As Long, events As Boolean, alerts As Boolean, updating As Boolean, filling As Boolean
    wasSaved = Wb.Saved
    calculation = Application.Calculation
    events = Application.EnableEvents
    alerts = Application.DisplayAlerts
    updating = Application.ScreenUpdating
    filling = Application.AutoCorrect.AutoFillFormulasInLists
    On Error GoTo Failed
    Application.EnableEvents = False
    Application.DisplayAlerts = False
    Application.ScreenUpdating = False
    Application.Calculation = MANUAL
    For Each entry In Ill
        Set sheet = entry(0)
        Set guard = Unprotected(sheet)
        guards.Add guard
        If sheet.ProtectContents Then Message = Message & sheet.Name & vbLf
    Next entry
    Relink Wb
    For Each entry In Ill
        Set sheet = entry(0)
        If Not sheet.ProtectContents Then
            ' "KAOHE: connecting formulas: "
            Application.StatusBar = U("KAOHE\uff1a\u6b63\u5728\u91cd\u65b0\u8fde\u63a5\u516c\u5f0f\uff1a") & sheet.Name
            ' A whole column at once becomes the column's own formula, which new rows get.
            Application.AutoCorrect.AutoFillFormulasInLists = True
            For Each cell In entry(1)
                cell.Formula = KaoheCleanFormula(CStr(cell.Cells(1, 1).Formula))
                cell.Calculate
                EnterAgain = EnterAgain + cell.Rows.Count
            Next cell
            Application.AutoCorrect.AutoFillFormulasInLists = False
            For Each cell In entry(2)
                If EnterCell(cell) Then EnterAgain = EnterAgain + 1
            Next cell
        End If
    Next entry
    If OnlyOurLinks(Wb) Then Wb.UpdateLinks = NEVER_UPDATE
Restore:
    On Error Resume Next
    For Each entry In guards
        Set guard = entry
        Protect guard
    Next entry
    Application.AutoCorrect.AutoFillFormulasInLists = filling
    Application.Calculation = calculation
    Application.StatusBar = False
    Application.ScreenUpdating = updating
    Application.DisplayAlerts = alerts
    Application.EnableEvents = events
    Wb.Saved = wasSaved
    If Len(failure) > 0 Then
        On Error GoTo 0
        Err.Raise vbObjectError + 3, , failure
    End If
    Exit Function
Failed:
    failure = Err.Description
    Resume Restore
End Function

' Links to copies of this add-in elsewhere become links to this one.
Private Sub Relink(ByVal Wb As Workbook)
    Dim links As Variant, i As Long
    links = Wb.LinkSources(OTHER_BOOKS)
    If IsEmpty(links) Then Exit Sub
    On Error Resume Next   ' one that can't be changed is left: its formulas lose it when they are entered again
    For i = LBound(links) To UBound(links)
        If LCase$(KaoheFileName(links(i))) = LCase$(ThisWorkbook.Name) And LCase$(links(i)) <> LCase$(ThisWorkbook.FullName) Then
            Wb.ChangeLink links(i), ThisWorkbook.FullName, OTHER_BOOKS
        End If
    Next i
End Sub

' Whether a workbook refers to nothing but this add-in, so that Excel need not ask about links.
Private Function OnlyOurLinks(ByVal Wb As Workbook) As Boolean
    Dim links As Variant, i As Long
    links = Wb.LinkSources(OTHER_BOOKS)
    If IsEmpty(links) Then Exit Function
    OnlyOurLinks = True
    For i = LBound(links) To UBound(links)
        If LCase$(KaoheFileName(links(i))) <> LCase$(ThisWorkbook.Name) Then OnlyOurLinks = False
    Next i
End Function

Private Function EnterCell(ByVal Cell As Range) As Boolean
    Dim late As Object, text As String, isDynamic As Boolean
    If Cell.HasArray Then
        EnterCell = EnterArray(Cell.CurrentArray)
        Exit Function
    End If
    If Not Cell.ListObject Is Nothing Then
        ' Nothing spills inside a table.
        On Error Resume Next
        Cell.Formula = KaoheCleanFormula(CStr(Cell.Formula))
        EnterCell = Err.Number = 0
        Exit Function
    End If
    Set late = Cell
    On Error Resume Next
    text = late.Formula2   ' versions before dynamic arrays have none
    isDynamic = Err.Number = 0
    Err.Clear
    If isDynamic Then
        late.Formula2 = KaoheCleanFormula(text)
    Else
        Cell.Formula = KaoheCleanFormula(Cell.Formula)
    End If
    EnterCell = Err.Number = 0
End Function

' An array formula as a whole. Excel takes a long one only by replacing inside it, or as one that spills.
Private Function EnterArray(ByVal Block As Range) As Boolean
    Dim text As String, late As Object
    text = KaoheCleanFormula(Block.Cells(1, 1).Formula)
    On Error Resume Next
    If Len(text) <= LONGEST_ARRAY_FORMULA Then
        Block.FormulaArray = text
        EnterArray = Err.Number = 0
        If EnterArray Then Exit Function
        Err.Clear
    End If
    Block.Replace "KAOHE.", "KAOHE_", 2, 1, False
    Block.Replace "KAOHE_", "KAOHE_", 2, 1, False
    Err.Clear
    Block.Dirty
    Block.Calculate
    If Not IsUnknownName(Block.Cells(1, 1)) And Block.Cells(1, 1).Formula = text Then
        EnterArray = True
        Exit Function
    End If
    Set late = Block.Cells(1, 1)
    If Len(late.Formula2) = 0 Then Exit Function
    Err.Clear
    Block.ClearContents
    If Err.Number <> 0 Then Exit Function
    late.Formula2 = text
    EnterArray = Err.Number = 0
    ' Nobody's formula is lost: where Excel refuses it, it stays as a text.
    If Not EnterArray Then late.Value = "'" & text
End Function

' Take a sheet's protection off if it has no password; what it allowed is returned, nothing if it wasn't protected.
Private Function Unprotected(ByVal Sheet As Worksheet) As Collection
    Dim guard As New Collection
    Set Unprotected = guard
    If Not Sheet.ProtectContents Then Exit Function
    With Sheet.Protection
        guard.Add Array(Sheet, Sheet.ProtectDrawingObjects, Sheet.ProtectScenarios, Sheet.EnableSelection, _
            .AllowFormattingCells, .AllowFormattingColumns, .AllowFormattingRows, .AllowInsertingColumns, _
            .AllowInsertingRows, .AllowInsertingHyperlinks, .AllowDeletingColumns, .AllowDeletingRows, _
            .AllowSorting, .AllowFiltering, .AllowUsingPivotTables)
    End With
    On Error Resume Next
    Sheet.Unprotect ""
    If Sheet.ProtectContents Then guard.Remove 1
End Function

Private Sub Protect(ByVal Guard As Collection)
    Dim was As Variant, sheet As Worksheet
    If Guard.Count = 0 Then Exit Sub
    was = Guard(1)
    Set sheet = was(0)
    sheet.Protect "", was(1), True, was(2), False, was(4), was(5), was(6), was(7), was(8), was(9), was(10), was(11), was(12), was(13), was(14)
    sheet.EnableSelection = was(3)
End Sub
