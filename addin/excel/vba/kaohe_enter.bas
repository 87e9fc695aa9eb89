Option Explicit
Option Private Module

' Formulas entered again so that Excel looks up the names of our functions: table columns, single cells, array formulas, names.

Private Const OTHER_BOOKS As Long = 1          ' xlExcelLinks, xlLinkTypeExcelLinks
Private Const NEVER_UPDATE As Long = 2         ' xlUpdateLinksNever
Private Const MANUAL As Long = -4135
Private Const NOT_AT_ALL As Long = 0           ' xlDisabled
Private Const VISIBLE_CELLS As Long = 12       ' xlCellTypeVisible
Private Const A1_STYLE As Long = 1             ' xlA1
Private Const ANY_PART As Long = 2             ' xlPart
Private Const GENERAL As String = "General"
Private Const AS_TEXT As String = "@"
Private Const UNKNOWN_NAME As String = "2029"  ' #NAME?
Private Const OUR_BEGINNING As String = "KAOHE_"
Private Const LONGEST_ARRAY_FORMULA As Long = 255   ' Microsoft, "Range.FormulaArray property (Excel)"
Private Const MOST_TOLD As Long = 10

' Everything about the workbook and about Excel is afterwards as it was before, but for the formulas. Message: what could not
' be done.
Public Function KaoheEnterAgain(ByVal Wb As Workbook, ByVal Ill As Collection, ByVal Names As Collection, ByRef Message As String) As Long
    Dim entry As Variant, sheet As Worksheet, block As Variant, guard As Collection, guards As New Collection
    Dim locked As New Collection, refused As New Collection
    Dim failure As String, wasSaved As Boolean, calculation As Long, events As Boolean, alerts As Boolean, updating As Boolean, filling As Boolean, cancelling As Long
    wasSaved = Wb.Saved
    calculation = Application.Calculation
    events = Application.EnableEvents
    alerts = Application.DisplayAlerts
    updating = Application.ScreenUpdating
    filling = Application.AutoCorrect.AutoFillFormulasInLists
    cancelling = Application.EnableCancelKey
    On Error GoTo Failed
    Application.EnableCancelKey = NOT_AT_ALL   ' whoever stops the code by Esc would leave Excel as it is meanwhile
    Application.EnableEvents = False
    Application.DisplayAlerts = False
    Application.ScreenUpdating = False
    Application.Calculation = MANUAL
    For Each entry In Ill
        Set sheet = entry(0)
        Set guard = Unprotected(sheet)
        guards.Add guard
        If sheet.ProtectContents Then locked.Add sheet.Name
    Next entry
    Relink Wb
    For Each entry In Names
        If EnterName(entry) Then KaoheEnterAgain = KaoheEnterAgain + 1 Else refused.Add entry.Name
    Next entry
    For Each entry In Ill
        Set sheet = entry(0)
        If Not sheet.ProtectContents Then
            Application.StatusBar = KaoheSay("healing", sheet.Name)
            ' A whole column at once becomes the column's own formula, which new rows get.
            Application.AutoCorrect.AutoFillFormulasInLists = True
            For Each block In entry(1)
                If Enter(block, True) Then KaoheEnterAgain = KaoheEnterAgain + block.Rows.Count Else refused.Add sheet.Name & "!" & block.Address(False, False)
            Next block
            Application.AutoCorrect.AutoFillFormulasInLists = False
            For Each block In entry(2)
                If Enter(block, False) Then KaoheEnterAgain = KaoheEnterAgain + 1 Else refused.Add sheet.Name & "!" & block.Address(False, False)
            Next block
        End If
    Next entry
    If OnlyOurLinks(Wb) Then Wb.UpdateLinks = NEVER_UPDATE
    If locked.Count > 0 Then Message = KaoheSay("locked_sheets", Listed(locked))
    If refused.Count > 0 And Len(Message) > 0 Then Message = Message & vbLf
    If refused.Count > 0 Then Message = Message & KaoheSay("refused_formulas", Listed(refused))
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
    Application.EnableCancelKey = cancelling
    Wb.Saved = wasSaved
    If Len(failure) > 0 Then
        On Error GoTo 0
        Err.Raise KAOHE_TOLD, , failure
    End If
    Exit Function
Failed:
    failure = KaoheErrorText(Err.Number, Err.Description, "not_healed")
    Resume Restore
End Function

' The first few names, a line each, and how many there are.
Private Function Listed(ByVal Names As Collection) As String
    Dim entry As Variant, count As Long
    For Each entry In Names
        count = count + 1
        If count <= MOST_TOLD Then Listed = Listed & entry & vbLf
    Next entry
    If count > MOST_TOLD Then Listed = Listed & KaoheSay("and_more", CStr(count)) & vbLf
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

' A column or a cell. Cells formatted as text, which keep a formula as a text, are not for that time.
Private Function Enter(ByVal Block As Range, ByVal IsColumn As Boolean) As Boolean
    Dim texts As Collection, cell As Variant
    Set texts = TextCells(Block)
    For Each cell In texts
        cell.NumberFormat = GENERAL
    Next cell
    If IsColumn Then Enter = EnterColumn(Block) Else Enter = EnterCell(Block)
    For Each cell In texts
        cell.NumberFormat = AS_TEXT
    Next cell
End Function

' A name's formula. As R1C1 it means the same whatever cell is active, and may name a table's column.
Private Function EnterName(ByVal Entry As Object) As Boolean
    On Error Resume Next
    Entry.RefersToR1C1 = KaoheCleanFormula(CStr(Entry.RefersToR1C1))
    EnterName = Err.Number = 0
End Function

Private Function TextCells(ByVal Block As Range) As Collection
    Dim cell As Range, code As Variant, found As New Collection
    Set TextCells = found
    code = Block.NumberFormat
    If Not IsNull(code) Then If code <> AS_TEXT Then Exit Function
    For Each cell In Block.Cells
        If cell.NumberFormat = AS_TEXT Then found.Add cell
    Next cell
End Function

Private Function EnterColumn(ByVal Body As Range) As Boolean
    Dim cell As Range, visible As Long
    On Error Resume Next
    EnterFormula Body
    EnterColumn = Err.Number = 0
    ' Rows that a filter hides may have been left out.
    visible = Body.SpecialCells(VISIBLE_CELLS).Count
    If visible < Body.Rows.Count Then
        For Each cell In Body.Cells
            If cell.EntireRow.Hidden Then EnterFormula cell
        Next cell
    End If
    Body.Calculate
End Function

' The formula of a range's first cell again, for all of it. Formula would make one value of what was meant as an array.
Private Sub EnterFormula(ByVal Block As Range)
    Dim late As Object
    Set late = Block.Cells(1, 1)
    If IsDynamic(late) Then
        Set late = Block
        late.Formula2 = KaoheCleanFormula(CStr(late.Cells(1, 1).Formula2))
    Else
        Block.Formula = KaoheCleanFormula(CStr(late.Formula))
    End If
End Sub

Private Function IsDynamic(ByVal Cell As Object) As Boolean
    On Error Resume Next   ' versions before dynamic arrays know no such thing
    IsDynamic = Cell.SavedAsArray
    Err.Clear
End Function

Private Function IsSpilling(ByVal Cell As Object) As Boolean
    On Error Resume Next
    IsSpilling = Cell.HasSpill
    Err.Clear
End Function

Private Function EnterCell(ByVal Cell As Range) As Boolean
    Dim late As Object, text As String, hasBoth As Boolean
    On Error Resume Next
    If Cell.HasArray And Not IsSpilling(Cell) Then
        EnterCell = EnterArray(Cell.CurrentArray)
        Exit Function
    End If
    If Cell.ListObject Is Nothing Then   ' nothing spills inside a table
        Set late = Cell
        text = late.Formula2   ' versions before dynamic arrays have none
        hasBoth = Err.Number = 0
        Err.Clear
    End If
    If hasBoth Then
        late.Formula2 = KaoheCleanFormula(text)
    Else
        EnterFormula Cell
    End If
    EnterCell = Err.Number = 0
End Function

' An array formula as a whole. A long one, which FormulaArray doesn't take, Excel takes by replacing within it.
Private Function EnterArray(ByVal Block As Range) As Boolean
    Dim was As String, text As String, style As Long
    was = Block.Cells(1, 1).Formula
    text = KaoheCleanFormula(was)
    style = Application.ReferenceStyle
    Application.ReferenceStyle = A1_STYLE   ' FormulaArray and Replace may read formulas as Excel shows them
    EnterArray = EnterAtOnce(Block, text)
    If Not EnterArray Then EnterArray = EnterInPlace(Block, was, text)
    If Not EnterArray Then EnterArray = EnterByParts(Block, text)
    Application.ReferenceStyle = style
    If Not EnterArray Then EnterArray = EnterSpilling(Block, text)
    ' Nobody's formula is lost: what is there in part only becomes a text.
    If Not EnterArray Then If Block.Cells(1, 1).Formula <> was Then KeepAsText Block, was
End Function

Private Function EnterAtOnce(ByVal Block As Range, ByVal Text As String) As Boolean
    If Len(Text) > LONGEST_ARRAY_FORMULA Then Exit Function
    On Error Resume Next
    Block.FormulaArray = Text
    EnterAtOnce = Err.Number = 0
End Function

' Replacing the functions' names makes Excel read the formula again, whatever its length.
Private Function EnterInPlace(ByVal Block As Range, ByVal Was As String, ByVal Text As String) As Boolean
    Dim beginning As Variant, becomes As String
    becomes = Was
    For Each beginning In KaoheBeginnings(Was)
        becomes = Replace(becomes, beginning, OUR_BEGINNING)
    Next beginning
    If becomes <> Text Then Exit Function   ' the same letters stand in a text
    On Error Resume Next
    For Each beginning In KaoheBeginnings(Was)
        Block.Replace Replace(beginning, "~", "~~"), OUR_BEGINNING, ANY_PART, , True
    Next beginning
    Block.Calculate
    EnterInPlace = Err.Number = 0 And Block.Cells(1, 1).Formula = Text And Not KaoheIsUnknownName(Block.Cells(1, 1))
End Function

' First a short formula in which names stand for arguments, then the arguments in their places, from outside in.
Private Function EnterByParts(ByVal Block As Range, ByVal Text As String) As Boolean
    Dim parts As Collection, i As Long
    On Error Resume Next
    Set parts = KaoheParts(Text, LONGEST_ARRAY_FORMULA)
    If parts Is Nothing Then Exit Function
    Block.FormulaArray = parts(parts.Count)
    If Err.Number <> 0 Then Exit Function
    For i = parts.Count - 1 To 1 Step -1
        Block.Replace KaohePartName(i), parts(i), ANY_PART, , True
    Next i
    Block.Calculate
    EnterByParts = Err.Number = 0 And Block.Cells(1, 1).Formula = Text
End Function

' Versions with dynamic arrays take any length for a formula that spills.
Private Function EnterSpilling(ByVal Block As Range, ByVal Text As String) As Boolean
    Dim late As Object, isThere As Boolean
    Set late = Block.Cells(1, 1)
    On Error Resume Next
    isThere = Len(late.Formula2) > 0   ' an error in versions before
    If Not isThere Then Exit Function
    Block.ClearContents
    late.Formula2 = Text
    EnterSpilling = Err.Number = 0
End Function

Private Sub KeepAsText(ByVal Block As Range, ByVal Text As String)
    On Error Resume Next
    Block.ClearContents
    Block.Cells(1, 1).Value = "'" & Text
End Sub

' Take a sheet's protection off if it has no password; what it allowed is returned, nothing if it wasn't protected.
Private Function Unprotected(ByVal Sheet As Worksheet) As Collection
    Dim guard As New Collection
    Set Unprotected = guard
    If Not Sheet.ProtectContents Then Exit Function
    With Sheet.Protection
        guard.Add Array(Sheet, Sheet.ProtectDrawingObjects, Sheet.ProtectScenarios, Sheet.EnableSelection, Sheet.ProtectionMode, _
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
    sheet.Protect "", was(1), True, was(2), was(4), was(5), was(6), was(7), was(8), was(9), was(10), was(11), was(12), was(13), was(14), was(15)
    sheet.EnableSelection = was(3)
End Sub

Public Function KaoheIsUnknownName(ByVal Cell As Range) As Boolean
    ' "Error 2029", in whatever language.
    If IsError(Cell.Value) Then KaoheIsUnknownName = Right$(CStr(Cell.Value), Len(UNKNOWN_NAME)) = UNKNOWN_NAME
End Function
