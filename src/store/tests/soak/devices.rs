//! Several devices, each with its own disk and clock, whose logs a syncer carries about in any
//! order and with any delay.

use super::work::{Random, soak};
use super::*;

/// One run: the devices work and sync at random, then everything is synced to everybody.
fn simulate(seed: u64) -> usize {
    let mut random = Random(seed);
    let count = 2 + random.below(4);
    let mut devices: Vec<TestStore> = (0..count)
        .map(|_| {
            // Clocks are off by a year either way, stand still, or go back.
            let time = TIME - 31_536_000_000 + random.next() % 63_072_000_000;
            let step = random.below(5) as i64 - 2;
            let mut store = Store::open(Some(paths()), SimDisk::default(), TestClock { time, step });
            store.compact_above = 3_000;
            store.deleted_max = 0;
            store
        })
        .collect();
    let book = identity('a');
    let mut acts = 0;
    for _ in 0..20 + random.below(30) {
        let device = random.below(count);
        if random.below(3) == 0 {
            let from = random.below(count);
            carry(&mut devices, from, device, &mut random);
            continue;
        }
        let store = &mut devices[device];
        load(store);
        let id = format!("MARK{}", random.below(4));
        match random.below(5) {
            0 => store.delete_mark(&book, &id, None).unwrap(),
            1 => store.save_place(&book, &anchor(random.below(100) as u32)).unwrap(),
            2 => {
                let name = Some(clean(&format!("name {}", random.below(3))));
                let known = store.book(book.key()).state.mark(&id, "").unwrap_or_else(|| mark(&id, "new"));
                store.save_mark(&book, &Mark { name, ..known }).unwrap();
            }
            _ => store.save_mark(&book, &mark(&id, &format!("note {}", random.below(9)))).unwrap(),
        }
        acts += 1;
        if random.below(8) == 0 {
            let disk = std::mem::take(&mut store.fs);
            let clock = store.clock;
            *store = Store::open(Some(paths()), disk, clock);
        }
    }
    for from in 0..count {
        for to in 0..count {
            carry(&mut devices, from, to, &mut Random(0));
        }
    }
    let views: Vec<BookState> = devices
        .into_iter()
        .map(|mut store| {
            let kept = load(&mut store);
            let fresh = load(&mut open(store.fs));
            assert_eq!(fresh, kept, "seed {seed}: a new start sees what was in memory");
            fresh
        })
        .collect();
    assert!(views.windows(2).all(|pair| pair[0] == pair[1]), "seed {seed}: {views:#?}");
    assert!(views[0].problems.is_empty(), "seed {seed}: {:?}", views[0].problems);
    acts
}

/// A syncer brings a device's own logs to another one; sometimes as a conflict copy.
fn carry(devices: &mut [TestStore], from: usize, to: usize, random: &mut Random) {
    let own = paths().device_marks(&devices[from].device());
    let logs: Vec<(PathBuf, Vec<u8>)> = devices[from]
        .fs
        .paths()
        .into_iter()
        .filter(|path| path.starts_with(&own) && path.extension().is_some_and(|extension| extension == "jsonl"))
        .map(|path| (path.clone(), devices[from].fs.get(&path).unwrap_or_default().to_vec()))
        .collect();
    if from == to {
        return;
    }
    for (path, bytes) in logs {
        let conflict = path.with_extension("sync-conflict-20261101-101500-ABCDEFG.jsonl");
        let path = if random.below(6) == 5 { conflict } else { path };
        devices[to].fs.put(&path, &bytes);
    }
}

#[test]
fn all_devices_come_to_one_state() {
    let seeds = if soak() { 100_000 } else { 100 };
    let acts: usize = (0..seeds).map(simulate).sum();
    println!("store: {seeds} runs of 2 to 5 devices, {acts} changes, one state on all devices each time");
}
