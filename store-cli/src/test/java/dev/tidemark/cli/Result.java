package dev.tidemark.cli;

import java.util.List;

/**
 * What a command did.
 *
 * @param code its exit code
 * @param out what it printed for machines
 * @param err what it printed for people
 */
record Result(int code, String out, String err) {
    List<String> lines() {
        return out.lines().toList();
    }
}
