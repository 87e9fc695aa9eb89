Option Explicit
Option Private Module

' Formulas that don't know our functions: from a file that was made elsewhere (plain names, which Excel looks up only when
' a formula is entered), that was saved beside another copy of this add-in, or by LibreOffice. They are entered again.

Private Const OTHER_BOOKS As Long = 1          ' xlExcelLinks, xlLinkTypeExcelLinks
Private Const CELLS_WITH_FORMULAS As Long = -4123
Private Const MANUAL As Long = -4135
Private Const ROWS_AT_ONCE As Long = 2000
Private Const IN_FORMULAS As Long = -4123      ' xlFormulas
Private Const ANY_PART As Long = 2             ' xlPart
Private Const OUR_NAME As String = "KAOHE"

Private mSeen As Collection
Private mFailure As String     ' the workbook that was last told of
Private mEvents As KaoheEvents

' Begun again by every button and every cell's function: somebody may have stopped the code, which forgets everything.
Public Sub KaoheWatch()
    Dim events As KaoheEvents
    If Not mEvents Is Nothing Then Exit Sub
    On Error Resume Next   ' a cell's function goes on all the same
    Set events = New KaoheEvents
    Set events.App = Application
    If Err.Number = 0 Then Set mEvents = events
End Sub

' Once a workbook; Excel activates them all the time. It counts as seen only after it was looked through. The add-in looks
' after every workbook; a workbook with functions of its own knows them.
Public Sub KaoheHealOnce(ByVal Wb As Workbook)
    Dim known As String, told As String
    If Not ThisWorkbook.IsAddin Then Exit Sub
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
    told = KaoheErrorText(Err.Number, Err.Description, "not_healed")
    ' While no workbook is active, Excel's settings can't be had. One that was opened is activated afterwards.
    If ActiveWorkbook Is Nothing Then Exit Sub
    If mFailure <> Wb.FullName Then MsgBox told, vbExclamation, Wb.Name
    mFailure = Wb.FullName
End Sub

' Forget a workbook, which will be looked through again when it is next active.
Public Sub KaoheForget(ByVal Wb As Workbook)
    On Error Resume Next
    mSeen.Remove Wb.FullName
End Sub

' Heal a workbook; returns how many formulas were entered again. Everything: also those that seem well.
Public Function KaoheHeal(ByVal Wb As Workbook, ByVal Everything As Boolean) As Long
    Dim sheet As Worksheet, found As Collection, columns As Collection, ill As New Collection, names As New Collection, isBound As Boolean, message As String
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
    If Everything Then Set names = OurNames(Wb)
    If ill.Count + names.Count > 0 Then KaoheHeal = KaoheEnterAgain(Wb, ill, names, message)
    If Len(message) > 0 Then MsgBox message, vbInformation, Wb.Name
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

' The names whose formulas call our functions, which no cell shows. Looked for only where somebody asks: other people's workbooks may
' have thousands of names.
Private Function OurNames(ByVal Wb As Workbook) As Collection
    Dim entry As Variant, text As String, found As New Collection
    Set OurNames = found
    On Error Resume Next   ' not every name says what it refers to
    For Each entry In Wb.Names
        text = ""
        text = entry.RefersToR1C1
        If KaoheCallsIn(text) > 0 Then found.Add entry
    Next entry
End Function

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
    If IsNull(Body.HasArray) Then Exit Function   ' some rows hold array formulas
    If Body.HasArray Then Exit Function
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
        If Everything Or KaoheCleanFormula(text) <> text Or KaoheIsUnknownName(column.Cells(1, 1)) Or KaoheIsUnknownName(column.Cells(column.Rows.Count, 1)) Then found.Add column
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

' Filled down, and in array formulas, formulas are alike as R1C1: each is looked through once.
Private Sub AddIll(ByVal Found As Collection, ByVal Block As Range, ByVal Columns As Collection, ByVal Everything As Boolean)
    Dim formulas As Variant, text As String, row As Long, column As Long, cell As Range
    Dim above() As String, isOurs() As Boolean, isClean() As Boolean
    formulas = Block.FormulaR1C1
    ReDim above(1 To Block.Columns.Count)
    ReDim isOurs(1 To Block.Columns.Count)
    ReDim isClean(1 To Block.Columns.Count)
    For row = 1 To Block.Rows.Count
        For column = 1 To Block.Columns.Count
            If IsArray(formulas) Then text = CStr(formulas(row, column)) Else text = CStr(formulas)
            If Left$(text, 1) <> "=" Then text = ""
            If text <> above(column) Then
                above(column) = text
                isOurs(column) = KaoheCallsIn(text) > 0
                isClean(column) = KaoheCleanFormula(text) = text
            End If
            If isOurs(column) Then
                Set cell = Block.Cells(row, column)
                If Not IsInside(cell, Columns) And IsFirst(cell) Then
                    If Everything Or Not isClean(column) Or KaoheIsUnknownName(cell) Then Found.Add cell
                End If
            End If
        Next column
    Next row
End Sub

' Whether a cell holds its formula itself, and not as a further cell of an array formula or of what one spills.
Private Function IsFirst(ByVal Cell As Range) As Boolean
    Dim late As Object, parent As String
    IsFirst = True
    Set late = Cell
    On Error Resume Next   ' versions before dynamic arrays know no spills
    parent = late.SpillParent.Address
    If Len(parent) > 0 Then
        IsFirst = parent = Cell.Address
    ElseIf Cell.HasArray Then
        IsFirst = Cell.CurrentArray.Cells(1, 1).Address = Cell.Address
    End If
End Function
