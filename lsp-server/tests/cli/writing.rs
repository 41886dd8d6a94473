//! What writing a file keeps, and what stops it.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use expect_test::expect;

use crate::sandbox::{GOOD, Run, Sandbox, UGLY, USELESS, program};

/// A user and a group that nobody here is.
const STRANGER: u32 = 12345;
const GROUP: u32 = 12346;

fn is_superuser() -> bool {
    fs::metadata("/proc/self").is_ok_and(|it| it.uid() == 0)
}

fn left_over(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).unwrap().map(|it| it.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.starts_with(".air-")).collect()
}

#[test]
fn owner_group_mode_links_and_attributes_stay() {
    let sandbox = Sandbox::new(&[("a.air", UGLY), ("b.air", UGLY)]);
    let (a, b) = (sandbox.path("a.air"), sandbox.path("b.air"));
    let marked = xattr_set(&a);
    fs::hard_link(&b, sandbox.path("b2.txt")).unwrap();
    for file in [&a, &b] {
        fs::set_permissions(file, fs::Permissions::from_mode(0o640)).unwrap();
        if is_superuser() {
            chown(file, Some(STRANGER), Some(GROUP)).unwrap();
        } else {
            println!("SKIPPED: only the superuser can give files away");
        }
    }
    let before: Vec<_> = [&a, &b].map(|file| fs::metadata(file).unwrap()).into();
    assert_eq!(sandbox.air("fmt a.air b.air").code, 0);
    for (file, before) in [&a, &b].iter().zip(&before) {
        let after = fs::metadata(file).unwrap();
        let facts = |it: &fs::Metadata| (it.uid(), it.gid(), it.mode(), it.nlink());
        assert_eq!(facts(&after), facts(before));
        assert_eq!(fs::read_to_string(file).unwrap(), "(seq\n (null) ; why\n (null)\n)\n");
    }
    assert_eq!(sandbox.read("b2.txt"), sandbox.read("b.air"));
    assert_eq!(xattr_get(&a), marked);
    assert_eq!(left_over(&sandbox.path("")), Vec::<String>::new());
}

/// Whether the file system took it.
fn xattr_set(file: &Path) -> bool {
    Command::new("setfattr")
        .args(["-n", "user.air", "-v", "kept"])
        .arg(file)
        .status()
        .is_ok_and(|it| it.success())
}

fn xattr_get(file: &Path) -> bool {
    let got = Command::new("getfattr").args(["-n", "user.air", "--only-values"]).arg(file).output();
    got.is_ok_and(|it| it.stdout == b"kept")
}

#[test]
fn files_of_others_are_left_alone() {
    if !is_superuser() {
        return println!("SKIPPED: only the superuser can act as another user");
    }
    let sandbox = Sandbox::new(&[("a.air", UGLY), ("b.air", USELESS)]);
    fs::set_permissions(sandbox.path(""), fs::Permissions::from_mode(0o777)).unwrap();
    let act = |args: &[&str]| {
        let mut command = sandbox.command(args);
        command.uid(STRANGER).gid(GROUP);
        command.output().ok().map(Run::from)
    };
    // The program may stand where only its owner can go.
    if act(&["--version"]).is_none_or(|run| run.code != 0) {
        return println!("SKIPPED: another user cannot start {}", program().display());
    }
    let run = act(&["fmt", "a.air"]).unwrap();
    assert_eq!((run.code, run.err.lines().next()), (2, Some("error: a.air: is read-only, left unchanged")));
    let run = act(&["check", "--fix", "-q", "b.air"]).unwrap();
    assert_eq!((run.code, run.err.as_str()), (2, "error: b.air: is read-only, left unchanged\n"));
    assert_eq!((sandbox.read("a.air"), sandbox.read("b.air")), (UGLY.to_owned(), USELESS.to_owned()));
    // A file of one's own in a folder where nothing can be made is written in place.
    chown(sandbox.path("a.air"), Some(STRANGER), Some(GROUP)).unwrap();
    fs::set_permissions(sandbox.path(""), fs::Permissions::from_mode(0o755)).unwrap();
    let run = act(&["fmt", "a.air"]).unwrap();
    assert_eq!((run.code, run.err.as_str()), (0, "1 script formatted, 0 unchanged\n"));
    assert_eq!(fs::metadata(sandbox.path("a.air")).unwrap().uid(), STRANGER);
}

#[test]
fn links_that_lead_out_and_two_names_of_one_file() {
    let sandbox = Sandbox::new(&[("in/a.air", UGLY), ("out/o.air", UGLY), ("out/text", UGLY)]);
    symlink("../out/o.air", sandbox.path("in/x.air")).unwrap();
    symlink("../out/text", sandbox.path("in/y.air")).unwrap();
    symlink("a.air", sandbox.path("in/b.air")).unwrap();
    fs::hard_link(sandbox.path("in/a.air"), sandbox.path("in/c.air")).unwrap();
    sandbox.air("fmt in").expect(expect![[r#"
        exit 0
        ── err
        warning: in/x.air is a link that leads out of the folder, so it was left out; name it to include it
        warning: in/y.air is a link that leads out of the folder, so it was left out; name it to include it
        1 script formatted, 0 unchanged
    "#]]);
    assert_eq!((sandbox.read("out/o.air"), sandbox.read("out/text")), (UGLY.to_owned(), UGLY.to_owned()));
    assert_eq!(sandbox.air("fmt in/x.air").code, 0);
    assert_ne!(sandbox.read("out/o.air"), UGLY);
}

#[test]
fn outputs_are_not_inputs() {
    let sandbox = Sandbox::new(&[("a.air", GOOD), ("in/b.air", GOOD)]);
    symlink("a.air", sandbox.path("link")).unwrap();
    let refused = |args: &str, message: &str| {
        let run = sandbox.air(args);
        assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (2, "", message), "{args}");
    };
    let is_read = |path: &str| {
        format!("error: {path}: is to be read, so nothing is written over it; name another file\n")
    };
    refused("check -o json=a.air a.air", &is_read("a.air"));
    refused("check -o full -o sarif=link a.air", &is_read("link"));
    refused("check -o json=in/b.air in", &is_read("in/b.air"));
    refused("beautify -o ./a.air a.air", &is_read("./a.air"));
    refused(
        "check -o json=new -o jsonl=./new a.air",
        "error: ./new: is named for two outputs; name another file\n",
    );
    assert_eq!((sandbox.read("a.air"), sandbox.path("new").exists()), (GOOD.to_owned(), false));
    assert_eq!(sandbox.air("check -q -o json=r1 -o jsonl=r2 a.air in").code, 0);
}

#[test]
fn signals_leave_whole_files_only() {
    let text = format!("(seq (null)\n{} (null))", "; a comment that makes it long\n".repeat(20_000));
    let sandbox = Sandbox::new(&[]);
    let formatted = {
        sandbox.write("a.air", &text);
        assert_eq!(sandbox.air("fmt -q a.air").code, 0);
        sandbox.read("a.air")
    };
    let mut ended = 0;
    for (index, signal) in ["INT", "TERM", "KILL", "HUP"].iter().cycle().take(24).enumerate() {
        sandbox.write("a.air", &text);
        let mut child = sandbox.command(&["fmt", "-q", "a.air"]).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(15 * index as u64));
        let _ = Command::new("kill").args([&format!("-{signal}"), &child.id().to_string()]).output();
        ended += i32::from(child.wait().unwrap().code().is_none());
        let now = sandbox.read("a.air");
        assert!(now == text || now == formatted, "{signal}: half written: {} bytes", now.len());
        assert_eq!(left_over(&sandbox.path("")), Vec::<String>::new(), "{signal}");
    }
    assert!(ended > 0, "no signal came in time");
}
