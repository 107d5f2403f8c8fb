//! From key presses to actions: counts, sequences, and what may follow.

use super::action::{ACTIONS, Action, Context, Entry, LESS_KEYS};
use super::keys::{Code, Key};

/// The largest count that is taken; more digits change nothing. A log of some gigabytes has fewer lines,
/// and no motion takes more steps than what is loaded has.
const COUNT_MAX: u32 = 999_999_999;

/// One step of a key sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Key(Key),
    /// Any letter `a`–`z`.
    Letter,
}

/// A key sequence and what it does.
#[derive(Clone, Debug)]
struct Binding {
    context: Context,
    steps: Vec<Step>,
    action: Action,
}

/// What a key press came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fed {
    /// An action, with the count typed before it and the letter in its sequence.
    Action {
        /// What to do.
        action: Action,
        /// How often; `None` where no number was typed.
        count: Option<u32>,
        /// The letter of `m{a-z}` and `'{a-z}`.
        letter: Option<char>,
    },
    /// More keys are needed.
    Pending,
    /// Nothing is bound to that.
    Unknown,
}

/// All bindings, and the keys typed so far.
#[derive(Debug)]
pub struct Keymap {
    /// Keys that hands know come before those of the table.
    first: &'static [(&'static str, Action)],
    bindings: Vec<Binding>,
    count: Option<u32>,
    typed: Vec<Key>,
}

impl Default for Keymap {
    fn default() -> Self {
        Self::new()
    }
}

impl Keymap {
    /// The bindings of the action table, with the keys of less where the two differ.
    pub fn less() -> Keymap {
        let mut keymap = Keymap { first: LESS_KEYS, ..Keymap::new() };
        for (notation, action) in LESS_KEYS {
            let steps = parse_steps(notation);
            // In a list the keys stay: `h` folds there.
            let binding = Binding { context: Context::Reading, steps, action: *action };
            keymap.bindings.insert(0, binding);
        }
        keymap
    }

    /// The bindings of the action table.
    pub fn new() -> Keymap {
        let bind = |context, notation: &str, action| Binding { context, steps: parse_steps(notation), action };
        let bindings = ACTIONS.iter().flat_map(|e| e.keys.iter().map(move |keys| bind(e.context, keys, e.action)));
        Keymap { first: &[], bindings: bindings.collect(), count: None, typed: Vec::new() }
    }

    /// The keys of an entry of the action table, as they are now.
    pub fn keys_of(&self, entry: &Entry) -> Vec<&'static str> {
        let first =
            self.first.iter().filter(|_| entry.context == Context::Reading || entry.context == Context::Anywhere);
        let own = first.clone().filter(|(_, action)| *action == entry.action).map(|(keys, _)| *keys);
        let is_taken = |keys: &str| first.clone().any(|(first, _)| *first == keys);
        own.clone().chain(entry.keys.iter().copied().filter(|keys| !is_taken(keys))).collect()
    }

    /// The first of the keys that show all keys in a context.
    pub fn help_key(&self, context: Context) -> &'static str {
        let first = self.first.iter().filter(|_| context == Context::Reading);
        let first = first.clone().find(|(_, action)| *action == Action::Help).map(|(keys, _)| *keys);
        first.or(super::action::of(Action::Help).and_then(|entry| entry.keys.first().copied())).unwrap_or("?")
    }

    /// Takes a key press in a context. A letter of another script counts as the key that it is on.
    pub fn feed(&mut self, context: Context, key: Key) -> Fed {
        let key = key.on_latin_layout();
        if self.typed.is_empty() && self.add_digit(context, key) {
            return Fed::Pending;
        }
        self.typed.push(key);
        let (mut complete, mut partial) = (None, false);
        for binding in self.bindings.iter().filter(|b| b.context == context || b.context == Context::Anywhere) {
            match matches(&binding.steps, &self.typed) {
                Some((true, letter)) => complete = complete.or(Some((binding.action, letter))),
                Some((false, _)) => partial = true,
                None => {}
            }
        }
        match complete {
            Some((action, letter)) => {
                let count = self.count.take();
                self.typed.clear();
                Fed::Action { action, count, letter }
            }
            None if partial => Fed::Pending,
            None => {
                self.reset();
                Fed::Unknown
            }
        }
    }

    fn add_digit(&mut self, context: Context, key: Key) -> bool {
        let Key { code: Code::Char(c), ctrl: false, alt: false, .. } = key else { return false };
        let Some(digit) = c.to_digit(10) else { return false };
        if !matches!(context, Context::Reading | Context::Selecting) || (digit == 0 && self.count.is_none()) {
            return false;
        }
        self.count = Some((self.count.unwrap_or(0).saturating_mul(10).saturating_add(digit)).min(COUNT_MAX));
        true
    }

    /// Forgets what was typed so far. Says whether there was anything.
    pub fn reset(&mut self) -> bool {
        let had = self.count.is_some() || !self.typed.is_empty();
        self.count = None;
        self.typed.clear();
        had
    }

    /// What was typed so far, for the foot of the screen; empty when nothing waits.
    pub fn pending(&self) -> String {
        let mut text = self.count.map(|n| n.to_string()).unwrap_or_default();
        for key in &self.typed {
            text.push_str(&key.to_string());
        }
        text
    }

    /// What may come next, for the foot of the screen: key and meaning.
    pub fn continuations(&self, context: Context) -> Vec<(String, &'static str)> {
        if self.typed.is_empty() {
            return Vec::new();
        }
        let mut next: Vec<(String, &'static str)> = Vec::new();
        for binding in self.bindings.iter().filter(|b| b.context == context || b.context == Context::Anywhere) {
            if let (Some((false, _)), Some(step)) =
                (matches(&binding.steps, &self.typed), binding.steps.get(self.typed.len()))
            {
                let key = match step {
                    Step::Key(key) => key.to_string(),
                    Step::Letter => "a-z".to_owned(),
                };
                let doc = super::action::of(binding.action).map_or("", |e| e.doc);
                if !next.iter().any(|(k, _)| *k == key) {
                    next.push((key, doc));
                }
            }
        }
        next
    }
}

/// Whether the typed keys begin a sequence: complete or not, and the letter so far.
fn matches(steps: &[Step], typed: &[Key]) -> Option<(bool, Option<char>)> {
    if typed.len() > steps.len() {
        return None;
    }
    let mut letter = None;
    for (step, key) in steps.iter().zip(typed) {
        match step {
            Step::Key(wanted) if wanted == key => {}
            Step::Letter => match key {
                Key { code: Code::Char(c @ 'a'..='z'), ctrl: false, alt: false, .. } => letter = Some(*c),
                _ => return None,
            },
            Step::Key(_) => return None,
        }
    }
    Some((typed.len() == steps.len(), letter))
}

/// Reads `m{a-z}`, `''`, `ctrl-d`, `space`: a name is one key, anything else a key a character.
fn parse_steps(notation: &str) -> Vec<Step> {
    if let Ok(key) = notation.parse() {
        return vec![Step::Key(key)];
    }
    let (keys, letter) = match notation.strip_suffix("{a-z}") {
        Some(rest) => (rest, true),
        None => (notation, false),
    };
    let mut steps: Vec<Step> = keys.chars().map(|c| Step::Key(Key::char(c))).collect();
    if letter {
        steps.push(Step::Letter);
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reader::Motion;

    fn feed(keymap: &mut Keymap, context: Context, keys: &str) -> Vec<Fed> {
        keys.split(' ').map(|k| keymap.feed(context, k.parse().unwrap())).collect()
    }

    #[track_caller]
    fn check(context: Context, keys: &str, expected: Fed) {
        let mut keymap = Keymap::new();
        let fed = feed(&mut keymap, context, keys);
        assert_eq!(fed.last(), Some(&expected), "{keys}");
        assert!(fed.iter().rev().skip(1).all(|f| *f == Fed::Pending), "{keys}: {fed:?}");
        assert_eq!(keymap.pending(), if expected == Fed::Pending { keys.replace(' ', "") } else { String::new() });
    }

    fn action(action: Action, count: Option<u32>, letter: Option<char>) -> Fed {
        Fed::Action { action, count, letter }
    }

    #[test]
    fn keys_counts_and_letters() {
        check(Context::Reading, "j", action(Action::Go(Motion::LineDown), None, None));
        check(Context::Reading, "1 0 j", action(Action::Go(Motion::LineDown), Some(10), None));
        check(Context::Reading, "4 0 %", action(Action::Go(Motion::Percent), Some(40), None));
        check(Context::Reading, "m x", action(Action::SetMark, None, Some('x')));
        check(Context::Reading, "' x", action(Action::GoToMark, None, Some('x')));
        check(Context::Reading, "' '", action(Action::ToggleBack, None, None));
        check(Context::Reading, "m", Fed::Pending);
        check(Context::Reading, "m X", Fed::Unknown);
        check(Context::Reading, "0", Fed::Unknown);
        check(Context::List, "j", action(Action::ListDown, None, None));
        check(Context::List, "tab", action(Action::Contents, None, None));
    }

    #[test]
    fn every_binding_of_the_table_is_reached_by_its_keys() {
        for e in ACTIONS {
            for notation in e.keys {
                let context = if e.context == Context::Anywhere { Context::Reading } else { e.context };
                let mut keymap = Keymap::new();
                let mut last = Fed::Unknown;
                for step in parse_steps(notation) {
                    let key = match step {
                        Step::Key(key) => key,
                        Step::Letter => Key::char('q'),
                    };
                    last = keymap.feed(context, key);
                }
                assert!(
                    matches!(last, Fed::Action { action, .. } if action == e.action),
                    "{} {notation}: {last:?}",
                    e.name
                );
            }
        }
    }

    #[test]
    fn what_may_follow_is_told() {
        let mut keymap = Keymap::new();
        feed(&mut keymap, Context::Reading, "'");
        let next = keymap.continuations(Context::Reading);
        assert_eq!(next.iter().map(|(k, _)| k.as_str()).collect::<Vec<_>>(), ["a-z", "'"]);
    }

    #[test]
    fn hands_that_know_less_find_its_keys() {
        let mut keymap = Keymap::less();
        let one = |keymap: &mut Keymap, context, key: char| keymap.feed(context, Key::char(key));
        assert_eq!(one(&mut keymap, Context::Reading, '?'), action(Action::SearchBackward, None, None));
        assert_eq!(one(&mut keymap, Context::Reading, 'h'), action(Action::Help, None, None));
        assert_eq!(one(&mut keymap, Context::List, 'h'), action(Action::Fold, None, None));
        // And are told which they are.
        let keys = |keymap: &Keymap, action| keymap.keys_of(super::super::action::of(action).unwrap());
        let help = |keymap: &Keymap| [Context::Reading, Context::List].map(|context| keymap.help_key(context));
        assert_eq!((help(&keymap), help(&Keymap::new())), (["h", "?"], ["?", "?"]));
        assert_eq!(keys(&keymap, Action::Help), ["h", "f1"]);
        assert_eq!(keys(&keymap, Action::SearchBackward).first(), Some(&"?"));
        assert_eq!(keys(&Keymap::new(), Action::Help), ["?", "f1"]);
    }

    #[test]
    fn keys_are_known_by_their_places() {
        check(Context::Reading, "о", action(Action::Go(Motion::LineDown), None, None));
        check(Context::Reading, "П", action(Action::Go(Motion::End), None, None));
        check(Context::Reading, "κ", action(Action::Go(Motion::LineUp), None, None));
        let mut keymap = Keymap::new();
        let fed = feed(&mut keymap, Context::Reading, "ь ф");
        assert_eq!(fed, [Fed::Pending, feed(&mut keymap, Context::Reading, "m a")[1]]);
        for (own, latin) in super::super::keys::LAYOUTS {
            assert_eq!(own.chars().count(), latin.chars().count());
        }
    }

    #[test]
    fn counts_saturate() {
        let mut keymap = Keymap::new();
        for _ in 0..50 {
            keymap.feed(Context::Reading, Key::char('9'));
        }
        assert!(matches!(keymap.feed(Context::Reading, Key::char('j')), Fed::Action { count: Some(COUNT_MAX), .. }));
    }
}
