//! The README's table of methods is what the program does.

use serde_json::json;

use crate::harness::Server;

struct Row {
    method: String,
    answered: String,
    test: String,
}

fn rows() -> Vec<Row> {
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let table = readme.lines().skip_while(|line| !line.starts_with("| Method |")).skip(2);
    let rows = table.take_while(|line| line.starts_with('|')).map(|line| {
        let mut cells =
            line.trim_matches('|').split('|').map(|cell| cell.trim().trim_matches('`').to_owned());
        let (method, answered) = (cells.next().unwrap(), cells.next().unwrap());
        Row { method, answered, test: cells.nth(1).unwrap() }
    });
    rows.collect()
}

#[test]
fn each_answered_method_has_a_test() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/protocol");
    let sources: String = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap())
        .collect();
    for row in rows() {
        assert!(["yes", "no", "not yet"].contains(&&*row.answered), "{}", row.method);
        if row.answered == "yes" {
            assert!(
                sources.contains(&format!("fn {}()", row.test)),
                "{} names the test {:?}",
                row.method,
                row.test
            );
        }
    }
}

/// Requests in the table are known to the program, the others are not.
#[test]
fn answered_is_answered() {
    let notifications = [
        "initialized",
        "exit",
        "shutdown",
        "initialize",
        "$/",
        "textDocument/did",
        "workspace/did",
        "window/",
    ];
    let mut server = Server::session(json!({ "textDocument": { "diagnostic": {} } }));
    let mut requests = 0;
    for row in rows() {
        if row.method == "textDocument/publishDiagnostics"
            || notifications.iter().any(|prefix| row.method.starts_with(prefix))
        {
            continue;
        }
        requests += 1;
        let id = server.request(&row.method, json!({}));
        let unknown = server.answer(id).is_err_and(|error| error["code"] == -32601);
        assert_eq!(unknown, row.answered != "yes", "{}", row.method);
    }
    assert!(requests > 50, "the table was found");
}

/// And every request the program knows is in the table.
#[test]
fn every_route_is_in_the_table() {
    let routes =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/src/server/routes.rs")).unwrap();
    let table: Vec<_> = rows().into_iter().map(|row| row.method).collect();
    let methods = routes.split("route!(").skip(1).filter_map(|rest| rest.split('"').nth(1));
    let missing: Vec<_> = methods
        .filter(|method| {
            !method.is_empty() && !method.starts_with("air/test") && !table.iter().any(|row| row == method)
        })
        .collect();
    assert!(missing.is_empty(), "not in the README: {missing:?}");
}
