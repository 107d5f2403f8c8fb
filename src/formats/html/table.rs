//! Tables: which ones are tables, how their columns are aligned, where cells stand.

use crate::document::Align;

use super::element::declares;
use super::list::integer;
use super::tree::{Content, Element, NodeId, Tree};
use super::walk::{Mode, Undo, Walk};
use crate::limits::{COLSPAN_MAX, ROWSPAN_MAX};

/// Nodes that are looked at to tell a table of data from a layout made of cells.
const LOOK_MAX: usize = 5_000;
/// A cell with more text than this is no datum; its table reads better as text.
const CELL_BYTES_MAX: usize = 1_500;

/// An open table.
#[derive(Debug)]
pub struct Table {
    pub id: NodeId,
    /// The builder's table is open: since the first row, until a caption between rows.
    pub is_open: bool,
    /// A cell is open, so that text has a place.
    pub has_cell: bool,
    /// For each column, how many further rows a cell from above reaches into.
    spans: Vec<u32>,
    column: usize,
}

impl Table {
    /// A table before its first row.
    pub fn new(id: NodeId) -> Table {
        Table { id, is_open: false, has_cell: false, spans: Vec::new(), column: 0 }
    }

    /// Begins a row.
    pub fn row(&mut self) {
        self.column = 0;
        self.has_cell = false;
    }

    /// Ends a row: cells from above reach one row less far.
    pub fn end_row(&mut self) {
        for reach in &mut self.spans {
            *reach = reach.saturating_sub(1);
        }
        self.has_cell = false;
    }

    /// Begins a cell: how many empty cells stand before it and how many columns it fills.
    pub fn cell(&mut self, element: &Element) -> (usize, usize) {
        let number = |name: &str| element.attribute(name).and_then(integer).and_then(|n| usize::try_from(n).ok());
        let wide = number("colspan").unwrap_or(1).clamp(1, COLSPAN_MAX);
        let tall = number("rowspan").unwrap_or(1).clamp(1, ROWSPAN_MAX as usize) as u32;
        let mut skipped = 0;
        while self.column < COLSPAN_MAX && self.spans.get(self.column).is_some_and(|reach| *reach > 0) {
            self.column += 1;
            skipped += 1;
        }
        if tall > 1 {
            let end = (self.column + wide).min(COLSPAN_MAX);
            if self.spans.len() < end {
                self.spans.resize(end, 0);
            }
            for reach in self.spans.iter_mut().take(end).skip(self.column) {
                *reach = tall;
            }
        }
        self.column += wide;
        self.has_cell = true;
        (skipped, wide)
    }
}

/// Whether a table's cells are data; else they are a layout and read one after another.
pub fn is_data(tree: &Tree, table: NodeId) -> bool {
    if tree.element(table).is_some_and(|e| e.words("role").any(|role| matches!(role, "presentation" | "none"))) {
        return false;
    }
    let mut cell = None;
    let mut cell_bytes = 0;
    let mut paragraphs = 0;
    let mut cells = 0;
    let mut at = tree.following(table, table, false);
    for _ in 0..LOOK_MAX {
        let Some(id) = at else { break };
        match tree.content(id) {
            Content::Element(element) => match element.name() {
                "table" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "pre" | "blockquote" | "hr" => return false,
                "td" | "th" => {
                    (cell, cell_bytes, paragraphs) = (Some(id), 0, 0);
                    cells += 1;
                }
                "p" | "li" => {
                    paragraphs += 1;
                    if paragraphs > 3 {
                        return false;
                    }
                }
                _ => {}
            },
            Content::Text(text) if cell.is_some() => {
                cell_bytes += text.len();
                if cell_bytes > CELL_BYTES_MAX {
                    return false;
                }
            }
            _ => {}
        }
        at = tree.following(id, table, false);
    }
    cells > 1
}

/// How the columns are aligned, by the first row that has a cell of data.
pub fn aligns(tree: &Tree, table: NodeId) -> Vec<Align> {
    /// Rows of headings at most before the data begin.
    const ROWS: usize = 8;
    let groups = tree.children(table).filter(|&id| tree.name(id) != "tr").flat_map(|id| tree.children(id));
    let rows = tree.children(table).chain(groups).filter(|&id| tree.name(id) == "tr").take(ROWS);
    let data = rows.map(|row| tree.children(row).filter(|&id| matches!(tree.name(id), "td" | "th")));
    let data = data.map(Iterator::collect::<Vec<_>>).find(|cells| cells.iter().any(|&id| tree.name(id) == "td"));
    data.unwrap_or_default()
        .into_iter()
        .take(COLSPAN_MAX)
        .map(|id| tree.element(id).map_or(Align::Start, align))
        .collect()
}

fn align(cell: &Element) -> Align {
    let stated = cell.attribute("align").unwrap_or_default();
    let css = cell.attribute("style").unwrap_or_default();
    let is = |value: &str| stated.eq_ignore_ascii_case(value) || declares(css, "text-align", value);
    if is("right") || is("end") {
        Align::End
    } else if is("center") {
        Align::Center
    } else {
        Align::Start
    }
}

/// Whether all cells of a row are headings.
pub fn is_header(tree: &Tree, row: NodeId) -> bool {
    if tree.parent(row).is_some_and(|parent| tree.name(parent) == "thead") {
        return true;
    }
    let mut cells = tree.children(row).filter(|&id| matches!(tree.name(id), "td" | "th")).peekable();
    cells.peek().is_some() && cells.all(|id| tree.name(id) == "th")
}

impl Walk<'_, '_, '_> {
    /// The table that a row or a cell belongs to, if it is read as one.
    pub(super) fn own_table(&mut self, id: NodeId) -> Option<&mut Table> {
        let tree = self.tree;
        let owner =
            std::iter::successors(tree.parent(id), |&p| tree.parent(p)).take(3).find(|&p| tree.name(p) == "table")?;
        self.tables.last_mut().filter(|table| table.id == owner)
    }

    pub(super) fn row(&mut self, id: NodeId) {
        let Some(table) = self.own_table(id) else { return };
        table.row();
        let (owner, was_open) = (table.id, std::mem::replace(&mut table.is_open, true));
        if !was_open {
            self.out.table(aligns(self.tree, owner));
        }
        self.out.row(is_header(self.tree, id));
        self.undo.push((id, Undo::Row));
    }

    pub(super) fn cell(&mut self, id: NodeId, element: &Element) {
        let Some(table) = self.own_table(id).filter(|table| table.is_open) else { return };
        let (skipped, wide) = table.cell(element);
        for _ in 0..=skipped {
            self.out.cell();
        }
        // The text stands in the first of the columns that a cell spans.
        self.undo.push((id, Undo::Cell(wide - 1)));
    }

    /// A caption stands before the table, or parts it where it comes between rows.
    pub(super) fn caption(&mut self) {
        if let Some(table) = self.tables.last_mut().filter(|table| table.is_open) {
            table.is_open = false;
            self.out.end_table();
        }
    }

    pub(super) fn table(&mut self, id: NodeId) {
        let is_nested = self.tables.iter().any(|table| table.is_open);
        if self.mode() == Mode::Flow && (is_nested || is_data(self.tree, id)) {
            self.tables.push(Table::new(id));
            self.undo.push((id, Undo::Table));
        }
    }

    /// Text between the cells of a table gets a cell of its own.
    pub(super) fn need_cell(&mut self) {
        let Some(table) = self.tables.last_mut().filter(|table| table.is_open && !table.has_cell) else { return };
        table.has_cell = true;
        self.out.cell();
    }
}
