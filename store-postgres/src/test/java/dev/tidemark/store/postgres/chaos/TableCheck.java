package dev.tidemark.store.postgres.chaos;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The outbox makes sense in itself, and adds up to the table. */
final class TableCheck {
    private TableCheck() {}

    static void run(Evidence evidence, Chains chains, Findings findings) {
        long last = 0;
        for (Chains.Link link : chains.links()) {
            if (link.row.revision() <= last) {
                findings.add("revisions have to rise", "after " + last, link.row);
            }
            last = link.row.revision();
            checkType(link, findings);
            checkVersion(link, findings);
        }
        compare("the outbox adds up to another table", fold(Map.of(), evidence.rows()), evidence.table(), findings);
    }

    private static void checkType(Chains.Link link, Findings findings) {
        String expected = link.wasPresent() ? "UPDATED" : "CREATED";
        Row row = link.row;
        if (row.isDelete() ? !link.wasPresent() : !row.type().equals(expected)) {
            findings.add("a change of the wrong type", link.before, link);
        }
        if (row.isDelete() && link.wasPresent() && !row.value().equals(link.before.row.value())) {
            findings.add("a delete carries another value than the deleted one", link.before, link);
        }
    }

    /** Only the deletes of others may be without a version. */
    private static void checkVersion(Chains.Link link, Findings findings) {
        long before = link.wasPresent() ? link.before.row.version() : 0;
        long expected = link.row.isDelete() ? before : before + 1;
        boolean unknown = link.row.isDelete() && link.row.version() == 0;
        if (unknown ? !isOfOthers(link.call) : link.row.version() != expected) {
            findings.add("a change with the wrong version", link.before, link);
        }
    }

    private static boolean isOfOthers(Call call) {
        return call == null || call.op() == Call.Op.FOREIGN;
    }

    static Map<Chains.Name, Row> fold(Map<Chains.Name, Row> base, List<Row> rows) {
        Map<Chains.Name, Row> state = new HashMap<>(base);
        for (Row row : rows) {
            Chains.Name name = new Chains.Name(row.kind(), row.key());
            if (row.isDelete()) {
                state.remove(name);
            } else {
                state.put(name, row);
            }
        }
        return state;
    }

    static void compare(String rule, Map<Chains.Name, Row> state, List<Row> table, Findings findings) {
        Map<Chains.Name, Row> left = new HashMap<>(state);
        for (Row entry : table) {
            Row row = left.remove(new Chains.Name(entry.kind(), entry.key()));
            if (row == null || !row.value().equals(entry.value()) || row.version() != entry.version()) {
                findings.add(rule, row, entry);
            }
        }
        left.values().forEach(row -> findings.add(rule, row, "not in the table"));
    }
}
