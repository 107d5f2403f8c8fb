//! Numbers as headings write them: arabic, roman, in words, in Chinese characters.

/// How a number is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Form {
    /// `12`, also full-width.
    Arabic,
    /// `XII`; Cyrillic letters of the same shape count.
    Roman,
    /// `Twelve`, `the Twelfth`.
    Word,
    /// `十二`.
    Han,
}

/// The largest number that a heading has.
const LARGEST: u32 = 3_000;

/// The value of a number without punctuation around it, and how it is written.
///
/// A word that says "the last one" has the value 0: it follows whatever came before.
pub fn number(token: &str) -> Option<(u32, Form)> {
    let token = token.trim_matches(|c: char| ".:,;—–-()[]*_= ".contains(c));
    if token.is_empty() || token.chars().count() > 24 {
        return None;
    }
    let value = arabic(token)
        .map(|n| (n, Form::Arabic))
        .or_else(|| roman(token).map(|n| (n, Form::Roman)))
        .or_else(|| han(token).map(|n| (n, Form::Han)))
        .or_else(|| word(token).map(|n| (n, Form::Word)))?;
    (value.0 <= LARGEST).then_some(value)
}

fn arabic(token: &str) -> Option<u32> {
    let mut value: u32 = 0;
    if token.chars().count() > 4 {
        return None;
    }
    for c in token.chars() {
        let digit = match c {
            '0'..='9' => u32::from(c) - u32::from('0'),
            '０'..='９' => u32::from(c) - u32::from('０'),
            _ => return None,
        };
        value = value * 10 + digit;
    }
    (value > 0).then_some(value)
}

/// A roman number as it would be written, in capitals or all small; nothing else is one.
fn roman(token: &str) -> Option<u32> {
    let small = token.chars().all(char::is_lowercase);
    let letters: String = token
        .chars()
        .map(|c| match c {
            'І' | 'і' => 'I',
            'Х' | 'х' => 'X',
            'С' | 'с' => 'C',
            'М' | 'м' => 'M',
            _ => c.to_ascii_uppercase(),
        })
        .collect();
    if !small && token.chars().any(char::is_lowercase) {
        return None;
    }
    let digit = |c: char| match c {
        'I' => Some(1),
        'V' => Some(5),
        'X' => Some(10),
        'L' => Some(50),
        'C' => Some(100),
        'D' => Some(500),
        'M' => Some(1000),
        _ => None,
    };
    let digits: Vec<u32> = letters.chars().map(digit).collect::<Option<_>>()?;
    let mut value = 0;
    for (index, digit) in digits.iter().enumerate() {
        let subtracts = digits.get(index + 1).is_some_and(|next| next > digit);
        value = if subtracts { value - i64::from(*digit) } else { value + i64::from(*digit) };
    }
    let value = u32::try_from(value).ok().filter(|v| (1..LARGEST).contains(v))?;
    // Old printers wrote IIII and VIIII; anything else must be what the value is written as.
    let written = write_roman(value);
    let old = letters.replace("IIII", "IV").replace("VIV", "IX");
    (written == letters || written == old).then_some(value)
}

fn write_roman(mut value: u32) -> String {
    const STEPS: [(u32, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    let mut out = String::new();
    for (step, letters) in STEPS {
        while value >= step {
            out.push_str(letters);
            value -= step;
        }
    }
    out
}

fn han(token: &str) -> Option<u32> {
    let mut total = 0;
    let mut current = 0;
    for c in token.chars() {
        let unit = match c {
            '十' => 10,
            '百' => 100,
            '千' => 1000,
            '廿' => {
                total += 20;
                continue;
            }
            '卅' => {
                total += 30;
                continue;
            }
            _ => {
                let digit = "〇一二三四五六七八九".chars().position(|d| d == c).or(match c {
                    '零' => Some(0),
                    '两' | '兩' => Some(2),
                    _ => None,
                })?;
                // `一二` is written digit by digit.
                current = current * 10 + digit as u32;
                if current > LARGEST {
                    return None;
                }
                continue;
            }
        };
        total += current.max(1) * unit;
        current = 0;
    }
    Some(total + current).filter(|v| *v > 0)
}

/// Number words by value, cardinal and ordinal; stems end in `*`.
const WORDS: &[(u32, &[&str])] = &[
    (0, &["last", "the last", "dernier", "dernière", "letztes", "último", "ultima", "последняя"]),
    (
        1,
        &[
            "one",
            "first",
            "ein*",
            "erste*",
            "un",
            "une",
            "premier*",
            "première",
            "primer*",
            "primo",
            "prima",
            "uno",
            "una",
            "eerste",
            "перв*",
            "pierwsz*",
            "første",
            "första",
        ],
    ),
    (
        2,
        &[
            "two",
            "second*",
            "zwei*",
            "deux*",
            "dos",
            "segund*",
            "due",
            "tweede",
            "twee",
            "втор*",
            "drug*",
            "anden",
            "andra",
        ],
    ),
    (
        3,
        &[
            "three",
            "third",
            "drei",
            "dritte*",
            "trois*",
            "tres",
            "tercer*",
            "terzo",
            "terza",
            "tre",
            "terceir*",
            "derde",
            "drie",
            "трет*",
            "trzeci*",
            "tredje",
        ],
    ),
    (
        4,
        &[
            "four",
            "fourth",
            "vier*",
            "quatre",
            "quatrième",
            "cuatro",
            "cuart*",
            "quarto",
            "quarta",
            "quattro",
            "четв*",
            "czwart*",
            "fjerde",
            "fjärde",
        ],
    ),
    (5, &["five", "fifth", "fünf*", "cinq*", "cinco", "quint*", "cinque", "vijf*", "пят*", "piąt*", "femte"]),
    (
        6,
        &[
            "six",
            "sixth",
            "sechs*",
            "sixième",
            "seis",
            "sext*",
            "sesto",
            "sesta",
            "sei",
            "zes*",
            "шест*",
            "szóst*",
            "sjette",
            "sjätte",
        ],
    ),
    (
        7,
        &[
            "seven",
            "seventh",
            "sieben*",
            "siebt*",
            "sept",
            "septième",
            "siete",
            "séptim*",
            "settimo",
            "sette",
            "zeven*",
            "седьм*",
            "siódm*",
            "syvende",
        ],
    ),
    (
        8,
        &[
            "eight",
            "eighth",
            "acht*",
            "huit*",
            "ocho",
            "octav*",
            "otto",
            "ottavo",
            "oitav*",
            "восьм*",
            "ósm*",
            "ottende",
        ],
    ),
    (
        9,
        &[
            "nine",
            "ninth",
            "neun*",
            "neuf",
            "neuvième",
            "nueve",
            "noven*",
            "nove",
            "nono",
            "negen*",
            "девят*",
            "dziewiąt*",
            "niende",
        ],
    ),
    (
        10,
        &[
            "ten",
            "tenth",
            "zehn*",
            "dix",
            "dixième",
            "diez",
            "décim*",
            "dieci",
            "decimo",
            "dez",
            "tien*",
            "десят*",
            "dziesiąt*",
            "tiende",
        ],
    ),
    (11, &["eleven", "eleventh", "elf*", "onze", "onzième", "once", "undécim*", "undici", "одиннадцат*"]),
    (12, &["twelve", "twelfth", "zwölf*", "douze", "douzième", "doce", "duodécim*", "dodici", "twaalf*", "двенадцат*"]),
    (13, &["thirteen*", "dreizehn*", "treiz*", "trece", "tredici", "dertien*", "тринадцат*"]),
    (14, &["fourteen*", "vierzehn*", "quatorz*", "catorce", "quattordici", "четырнадцат*"]),
    (15, &["fifteen*", "fünfzehn*", "quinz*", "quince", "quindici", "пятнадцат*"]),
    (16, &["sixteen*", "sechzehn*", "seiz*", "dieciséis", "sedici", "шестнадцат*"]),
    (17, &["seventeen*", "siebzehn*", "dix-sept*", "diecisiete", "diciassette", "семнадцат*"]),
    (18, &["eighteen*", "achtzehn*", "dix-huit*", "dieciocho", "diciotto", "восемнадцат*"]),
    (19, &["nineteen*", "neunzehn*", "dix-neuf*", "diecinueve", "diciannove", "девятнадцат*"]),
    (20, &["twenty", "twentieth", "zwanzig*", "vingt*", "veinte", "venti", "vigésim*", "двадцат*"]),
    (30, &["thirty", "thirtieth", "dreißig*", "trente", "treinta", "trenta", "тридцат*"]),
    (40, &["forty", "fortieth", "vierzig*", "quarante", "cuarenta", "quaranta", "сорок*"]),
    (50, &["fifty", "fiftieth", "fünfzig*", "cinquante", "cincuenta", "cinquanta", "пятьдесят*"]),
    (60, &["sixty", "sixtieth", "sechzig*", "soixante", "sesenta", "sessanta"]),
    (70, &["seventy", "seventieth", "siebzig*"]),
    (80, &["eighty", "eightieth", "achtzig*"]),
    (90, &["ninety", "ninetieth", "neunzig*"]),
];

fn word(token: &str) -> Option<u32> {
    let folded = token.to_lowercase();
    if let Some(value) = simple_word(&folded) {
        return Some(value);
    }
    // `twenty-one`, `twenty one`, `the twenty-first`.
    let (tens, ones) = folded.split_once(['-', ' '])?;
    let (tens, ones) = (simple_word(tens)?, simple_word(ones)?);
    (tens >= 20 && (1..10).contains(&ones)).then_some(tens + ones)
}

fn simple_word(word: &str) -> Option<u32> {
    // The longest match decides: `sixteen` is no `six*`.
    let mut best: Option<(usize, u32)> = None;
    for (value, words) in WORDS {
        for pattern in *words {
            let length = match pattern.strip_suffix('*') {
                Some(stem) if word.starts_with(stem) && word.chars().count() <= stem.chars().count() + 5 => stem.len(),
                None if *pattern == word => pattern.len(),
                _ => continue,
            };
            if best.is_none_or(|(longest, _)| length > longest) {
                best = Some((length, *value));
            }
        }
    }
    best.map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_every_form() {
        for (text, value) in [
            ("12", Some((12, Form::Arabic))),
            ("１２", Some((12, Form::Arabic))),
            ("XIV.", Some((14, Form::Roman))),
            ("xiv", Some((14, Form::Roman))),
            ("VIIII", Some((9, Form::Roman))),
            ("ХІІ", Some((12, Form::Roman))),
            ("IIX", None),
            ("Mix", None),
            ("第", None),
            ("二十五", Some((25, Form::Han))),
            ("一百二十", Some((120, Form::Han))),
            ("Sixteen", Some((16, Form::Word))),
            ("TWENTY-FIRST", Some((21, Form::Word))),
            ("zweites", Some((2, Form::Word))),
            ("Première", Some((1, Form::Word))),
            ("третия", Some((3, Form::Word))),
            ("THE LAST", Some((0, Form::Word))),
            ("house", None),
            ("", None),
        ] {
            assert_eq!(number(text), value, "{text:?}");
        }
    }

    #[test]
    fn roman_numbers_read_what_they_write() {
        for value in 1..500 {
            assert_eq!(roman(&write_roman(value)), Some(value));
        }
    }
}
