//! The README's picture is what the real program prints. `tests/picture` makes it anew.

use air_tests::program::{air, finish};
use expect_test::expect_file;

const SHOWN: [&[&str]; 2] = [&["run", "tests/scripts/greeting.air"], &["check", "tests/scripts/broken.air"]];

#[test]
fn shows_what_the_program_prints() {
    let mut session = String::new();
    for arguments in SHOWN {
        let mut command = air();
        command.args(["--color", "always"]).args(arguments).current_dir(air_architecture::tree::root());
        let done = finish(command.env("COLUMNS", "118").env_remove("NO_COLOR"));
        assert!(matches!(done.code, Some(0 | 1)), "{arguments:?}: {}", done.err);
        session.push_str(&format!("\x1b[1m$ air {}\x1b[0m\n{}\n", arguments.join(" "), done.out));
    }
    let picture = anstyle_svg::Term::new().min_width_px(760).render_svg(session.trim_end());
    expect_file!["../picture.svg"].assert_eq(&picture);
}
