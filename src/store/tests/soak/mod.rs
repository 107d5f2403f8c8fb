//! Loops over faults: every call fails, the power goes at every call, logs are damaged at random,
//! devices sync in any order. A slice in every run, all of it by `LECTION_SOAK=1`; each prints
//! its figures (`cargo test --profile quick soak:: -- --nocapture`).

//!
//! | fault | tests |
//! |---|---|
//! | killed at any call of a save, memory that is refused (an abort is a kill) | `kills.rs`: `a_process_killed_at_any_call_loses_nothing`, `the_program_killed_at_any_system_call_loses_nothing` |
//! | power cut | `no_power_cut_loses_what_was_acknowledged` |
//! | disk full, quota, I/O, read-only, no rights, no handles, interrupted, short write | `no_failing_call_loses_what_was_acknowledged`; `store.rs`: `a_full_disk_is_named_and_the_mark_is_kept` |
//! | a wait for the disk that fails | `a_failed_sync_is_not_tried_again_on_the_same_file` |
//! | flipped bits, zeros, cut or doubled files | `every_undamaged_line_is_read`, `a_file_that_is_no_log_is_left_alone` |
//! | several instances | `kills.rs`: `writers_that_are_killed_lose_nothing`; `a_later_instance_is_noticed_and_both_are_read` |
//! | conflict copies of syncers, git markers | `copies_of_syncers_and_git_markers_are_merged` |
//! | several devices, clocks that are wrong | `all_devices_come_to_one_state` |
//! | a log of a later version | `a_log_of_a_later_version_is_never_made_short`, `the_golden_log_says_what_it_said` |
//! | folder of marks taken away | `a_log_that_is_taken_away_is_written_anew` |
//! | a disk that hangs | `pty.rs`: `a_disk_that_hangs_does_not_stop_the_keys` |
//! | a home that was copied | `a_device_keeps_its_name_and_a_copied_home_gets_another` |
//! | killed while reading | `pty.rs`: `a_program_killed_while_reading_has_its_place` |

use super::*;

mod damage;
mod devices;
mod faults;
mod work;
