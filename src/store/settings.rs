//! The reader's settings: a TOML file that only the reader writes.
//!
//! No file can keep the program from starting: what is wrong in it costs that setting, or, where
//! it is no TOML at all, all of them, and is said in one sentence with its line. One table names
//! every setting; reading, checking and "did you mean" come from it.

use std::io::ErrorKind;
use std::path::Path;

use toml::de::{DeTable, DeValue};

use crate::files::reason;
use crate::text::{Clean, clean_line};

use super::fs::Fs;

/// More than a file of settings can need.
const BYTES_MAX: u64 = 1 << 20;
/// Warnings shown for one file.
const WARNINGS_MAX: usize = 20;
/// Letters by which a name may differ from one that it is taken to mean.
const TYPOS_MAX: usize = 2;

/// What the reader set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Columns of text on a line, 20 to 200.
    pub width: u16,
    /// The colours.
    pub theme: ThemeName,
    /// The keys to start from.
    pub keys: KeyPreset,
    /// How paragraphs are parted.
    pub paragraphs: Paragraphs,
    /// Whether direct speech has a look of its own.
    pub speech: bool,
    /// Whether the mouse selects and scrolls; without it the terminal does as it likes.
    pub mouse: bool,
    /// How the page moves by a line.
    pub scroll: Scroll,
    /// How sure the speaker of a quotation must be to be named, in percent, 0 to 100.
    pub sure: u16,
}

impl Default for Settings {
    fn default() -> Settings {
        // The upper end of what typographers call a good line (45 to 75 characters): a terminal
        // has no finer columns to give.
        Settings {
            width: 72,
            theme: ThemeName::Auto,
            keys: KeyPreset::Default,
            paragraphs: Paragraphs::Space,
            speech: false,
            mouse: true,
            scroll: Scroll::Auto,
            sure: 50,
        }
    }
}

/// Declares an enum whose values have names in the file.
macro_rules! choices {
    ($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $value:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $($(#[$of])* $value,)* }

        impl $name {
            /// All names, as the file has them.
            pub const NAMES: &[&str] = &[$($text,)*];

            /// The value of a name.
            pub fn from_name(name: &str) -> Option<$name> {
                match name { $($text => Some($name::$value),)* _ => None }
            }

            /// The name in the file.
            pub fn name(self) -> &'static str {
                match self { $($name::$value => $text,)* }
            }
        }
    };
}

choices! {
    /// Which colours are used.
    ThemeName {
        /// As the terminal's background asks for.
        Auto = "auto",
        /// Light letters on dark.
        Dark = "dark",
        /// Dark letters on light.
        Light = "light",
        /// None.
        Plain = "plain",
    }
}

choices! {
    /// The keys to start from.
    KeyPreset {
        /// As the help has them.
        Default = "default",
        /// As less has them.
        Less = "less",
    }
}

choices! {
    /// How the page moves by a line.
    Scroll {
        /// As suits the terminal.
        Auto = "auto",
        /// By deleting and inserting lines.
        Lines = "lines",
        /// By writing it again.
        Off = "off",
    }
}

choices! {
    /// How paragraphs are parted.
    Paragraphs {
        /// By an empty line.
        Space = "space",
        /// By an indent.
        Indent = "indent",
    }
}

/// A setting: its name, and how a value is taken. An error says what would do.
struct Setting {
    name: &'static str,
    take: fn(&mut Settings, &DeValue) -> Result<(), String>,
}

/// Every setting there is.
const SETTINGS: [Setting; 8] = [
    Setting { name: "width", take: |to, value| number(value, 20, 200).map(|width| to.width = width) },
    Setting {
        name: "theme",
        take: |to, value| choice(value, ThemeName::NAMES, ThemeName::from_name).map(|theme| to.theme = theme),
    },
    Setting {
        name: "keys.preset",
        take: |to, value| choice(value, KeyPreset::NAMES, KeyPreset::from_name).map(|keys| to.keys = keys),
    },
    Setting {
        name: "paragraphs",
        take: |to, value| choice(value, Paragraphs::NAMES, Paragraphs::from_name).map(|by| to.paragraphs = by),
    },
    Setting { name: "speech", take: |to, value| truth(value).map(|speech| to.speech = speech) },
    Setting { name: "mouse", take: |to, value| truth(value).map(|mouse| to.mouse = mouse) },
    Setting {
        name: "scroll",
        take: |to, value| choice(value, Scroll::NAMES, Scroll::from_name).map(|scroll| to.scroll = scroll),
    },
    Setting { name: "quotes.sure", take: |to, value| number(value, 0, 100).map(|sure| to.sure = sure) },
];

impl Settings {
    /// The file as it is offered to a reader who has none: all defaults, as comments.
    pub fn default_toml() -> &'static str {
        include_str!("../../assets/config.toml")
    }

    /// How sure a speaker must be to be named, 0 to 1.
    pub fn sure_share(&self) -> f32 {
        f32::from(self.sure) / 100.0
    }

    /// The settings of a file, and what was wrong with it. A file that is not there is in order.
    pub fn load<F: Fs>(fs: &mut F, path: &Path) -> (Settings, Vec<Clean>) {
        let bytes = match fs.stat(path) {
            Ok(stat) if !stat.is_file => Err(std::io::Error::new(ErrorKind::InvalidInput, "it is not a file")),
            Ok(_) => fs.read(path, 0, BYTES_MAX),
            Err(error) => Err(error),
        };
        let problem = |why: &str| clean_line(&format!("cannot read the settings in {}: {why}", path.display()));
        match bytes {
            Ok(bytes) => match std::str::from_utf8(&bytes) {
                Ok(text) => Settings::parse(text, path),
                Err(_) => (Settings::default(), vec![problem("it is not UTF-8")]),
            },
            Err(error) if error.kind() == ErrorKind::NotFound => (Settings::default(), Vec::new()),
            Err(error) => (Settings::default(), vec![problem(&reason(&error))]),
        }
    }

    /// The settings of a text, and what was wrong with it, a sentence each. `path` is named in
    /// the sentences.
    pub fn parse(text: &str, path: &Path) -> (Settings, Vec<Clean>) {
        let mut settings = Settings::default();
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        let path = path.display();
        let table = match DeTable::parse(text) {
            Ok(table) => table,
            Err(error) => {
                let (line, column) = place(text, error.span().map_or(0, |span| span.start));
                let why = error.message();
                let sentence = format!("{path}, line {line}, column {column}: {why}; all settings are the defaults");
                return (settings, vec![clean_line(&sentence)]);
            }
        };
        let mut warnings = Vec::new();
        for (name, at, value) in entries(table.get_ref()) {
            let wrong = match SETTINGS.iter().find(|setting| setting.name == name) {
                Some(setting) => (setting.take)(&mut settings, value).err().map(|would| format!("`{name}` is {would}")),
                None => Some(match meant(&name) {
                    Some(meant) => format!("there is no setting `{name}`; did you mean `{meant}`?"),
                    None => format!("there is no setting `{name}`"),
                }),
            };
            if let Some(wrong) = wrong.filter(|_| warnings.len() < WARNINGS_MAX) {
                let (line, _) = place(text, at);
                warnings.push((line, clean_line(&format!("{path}, line {line}: {wrong}"))));
            }
        }
        warnings.sort();
        (settings, warnings.into_iter().map(|(_, warning)| warning).collect())
    }
}

/// All values with their dotted names and the offsets of those. A setting is at most two names
/// deep, so that a deeper table is one value that no setting has.
fn entries<'a>(table: &'a DeTable<'a>) -> Vec<(String, usize, &'a DeValue<'a>)> {
    let mut entries = Vec::new();
    for (name, value) in table {
        match value.get_ref() {
            DeValue::Table(inner) => entries.extend(inner.iter().map(|(key, value)| {
                (format!("{}.{}", name.get_ref(), key.get_ref()), key.span().start, value.get_ref())
            })),
            value => entries.push((name.get_ref().to_string(), name.span().start, value)),
        }
    }
    entries
}

fn number(value: &DeValue, least: u16, most: u16) -> Result<u16, String> {
    let number = match value {
        DeValue::Integer(number) => u16::from_str_radix(&number.as_str().replace('_', ""), number.radix()).ok(),
        _ => None,
    };
    number.filter(|number| (least..=most).contains(number)).ok_or(format!("a number from {least} to {most}"))
}

fn truth(value: &DeValue) -> Result<bool, String> {
    if let DeValue::Boolean(truth) = value { Ok(*truth) } else { Err("true or false".to_owned()) }
}

fn choice<T>(value: &DeValue, names: &[&str], from_name: fn(&str) -> Option<T>) -> Result<T, String> {
    let chosen = match value {
        DeValue::String(name) => from_name(name),
        _ => None,
    };
    chosen.ok_or_else(|| {
        format!("one of {}", names.iter().map(|name| format!("{name:?}")).collect::<Vec<_>>().join(", "))
    })
}

/// Line and column, from 1, of an offset.
fn place(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.rsplit('\n').next().unwrap_or_default();
    (before.matches('\n').count() + 1, line.chars().count() + 1)
}

/// The setting whose name is nearest, if it is near.
fn meant(name: &str) -> Option<&'static str> {
    let last = |name: &'static str| name.rsplit('.').next().unwrap_or(name);
    SETTINGS
        .iter()
        .map(|setting| (distance(setting.name, name).min(distance(last(setting.name), name)), setting.name))
        .filter(|(distance, _)| *distance <= TYPOS_MAX)
        .min()
        .map(|(_, name)| name)
}

/// Letters to insert, delete or change to make one name of another. More than any name has where
/// they differ in length by more than counts.
fn distance(a: &str, b: &str) -> usize {
    if a.len().abs_diff(b.len()) > 2 * TYPOS_MAX {
        return usize::MAX;
    }
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut next = vec![i + 1];
        for ((y, above), corner) in b.chars().zip(row.iter().skip(1)).zip(&row) {
            let left = next.last().copied().unwrap_or_default();
            next.push((corner + usize::from(x != y)).min(above + 1).min(left + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(text: &str, settings: &Settings, warnings: &[&str]) {
        let (read, said) = Settings::parse(text, Path::new("config.toml"));
        assert_eq!(&read, settings, "{text}");
        assert_eq!(said.iter().map(Clean::as_str).collect::<Vec<_>>(), warnings, "{text}");
    }

    #[test]
    fn what_is_set_is_taken() {
        let all = "width = 0x50\ntheme = \"dark\"\nparagraphs = 'indent'\nspeech = true\nmouse = false\nscroll = \"off\"\n[keys]\npreset = \"less\"\n\
            [quotes]\nsure = 75\n";
        let set = Settings {
            width: 80,
            theme: ThemeName::Dark,
            keys: KeyPreset::Less,
            paragraphs: Paragraphs::Indent,
            speech: true,
            mouse: false,
            scroll: Scroll::Off,
            sure: 75,
        };
        check(all, &set, &[]);
        check("\u{FEFF}keys.preset = 'less'", &Settings { keys: KeyPreset::Less, ..Settings::default() }, &[]);
        check("", &Settings::default(), &[]);
    }

    #[test]
    fn what_is_wrong_costs_one_setting_and_names_its_line() {
        check(
            "\nwidht = 3\ntheme = \"drak\"\nwidth = 70\nink = 1\n[key]\npreset = 'less'\n[[x]]\ny = 1\n",
            &Settings { width: 70, ..Settings::default() },
            &[
                "config.toml, line 2: there is no setting `widht`; did you mean `width`?",
                "config.toml, line 3: `theme` is one of \"auto\", \"dark\", \"light\", \"plain\"",
                "config.toml, line 5: there is no setting `ink`",
                "config.toml, line 7: there is no setting `key.preset`; did you mean `keys.preset`?",
                "config.toml, line 8: there is no setting `x`",
            ],
        );
        for value in ["19", "201", "-5", "66.0", "'66'", "99999999999999999999", "true"] {
            let warning = "config.toml, line 1: `width` is a number from 20 to 200";
            check(&format!("width = {value}"), &Settings::default(), &[warning]);
        }
    }

    #[test]
    fn what_is_no_toml_gives_the_defaults_and_one_sentence() {
        let (settings, said) = Settings::parse("width = 70\nthéme = = 1\n", Path::new("c"));
        assert_eq!((settings, said.len()), (Settings::default(), 1));
        assert!(said[0].starts_with("c, line 2, column "), "{}", said[0]);
    }

    #[test]
    fn the_default_file_says_the_defaults() {
        check(Settings::default_toml(), &Settings::default(), &[]);
        let lines = Settings::default_toml().lines();
        let active: String = lines
            .map(|line| line.strip_prefix("# ").filter(|rest| rest.contains(" = ")).unwrap_or(line))
            .fold(String::new(), |text, line| text + line + "\n");
        check(&active, &Settings::default(), &[]);
        let named = |name: &str| active.contains(&format!("{} = ", name.rsplit('.').next().unwrap()));
        assert!(SETTINGS.iter().all(|setting| named(setting.name)), "{active}");
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "[a-z =\\[\\]\"'.#\n0-9{}é]*|(width|theme|keys) ?= ?\\PC*") {
            let _ = Settings::parse(&text, Path::new("c"));
        }
    }
}
