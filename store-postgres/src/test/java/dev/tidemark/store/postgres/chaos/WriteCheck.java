package dev.tidemark.store.postgres.chaos;

import dev.tidemark.store.postgres.chaos.Call.Op;
import dev.tidemark.store.postgres.chaos.Call.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Acknowledged ⊆ stored ⊆ acknowledged ∪ unknown, each with the effect that was acknowledged, and all of a call or nothing. */
final class WriteCheck {
    private final Evidence evidence;
    private final Chains chains;
    private final Findings findings;
    private final Map<Chains.Name, Integer> possibleDeletes = new HashMap<>();

    private WriteCheck(Evidence evidence, Chains chains, Findings findings) {
        this.evidence = evidence;
        this.chains = chains;
        this.findings = findings;
    }

    /** Also tells the chains who made their links. */
    static void run(Evidence evidence, Chains chains, Findings findings) {
        WriteCheck check = new WriteCheck(evidence, chains, findings);
        evidence.calls().forEach(check::check);
        chains.links().forEach(check::checkOwner);
    }

    private void check(Call call) {
        if (call.outcome() == Call.Outcome.ODD) {
            findings.add("an exception that nobody expects", call);
        } else if (call.op() == Op.AGAIN) {
            if (call.isDone() && !call.details().equals(List.of("UNCHANGED"))) {
                findings.add("the same value again has to change nothing", call);
            }
        } else if (call.op() != Op.GET) {
            checkWrite(call);
        }
    }

    private void checkWrite(Call call) {
        List<Chains.Link> stored = stored(call);
        long sets = call.steps().stream().filter(step -> !step.isDelete()).count();
        if (call.isDone() && stored.size() < sets) {
            findings.add("acknowledged, but not stored", call, stored);
        } else if (call.isUnknown() && !stored.isEmpty() && stored.size() < sets) {
            findings.add("a torn write", call, stored);
        } else if (!call.isDone() && !call.isUnknown() && !stored.isEmpty()) {
            findings.add("failed cleanly, but stored", call, stored);
        }
        if (call.isDone()) {
            checkDone(call);
        } else if (call.isUnknown()) {
            checkUnknown(call, stored, sets);
        }
        checkNote(call, !stored.isEmpty());
    }

    private List<Chains.Link> stored(Call call) {
        List<Chains.Link> stored = new ArrayList<>();
        for (Step step : call.steps()) {
            Chains.Link link = step.isDelete() ? null : chains.written(step.token());
            if (link != null) {
                stored.add(link);
                link.call = call;
                checkStep(call, step, link);
            }
        }
        return stored;
    }

    private void checkStep(Call call, Step step, Chains.Link link) {
        if (!link.row.kind().equals(step.kind()) || !link.row.key().equals(step.key())) {
            findings.add("stored under another name", call, link.row);
        }
        boolean absent = step.expected().equals(Call.ABSENT);
        boolean tagged = !absent && !step.expected().equals(Call.NONE);
        if (absent && link.wasPresent()) {
            findings.add("created over a value", link.before, link);
        }
        if (tagged && !(link.wasPresent() && link.before.row.token().equals(step.expected()))) {
            findings.add("replaced another value than the expected one", link.before, link);
        }
        long count = call.op() == Op.UPDATE && link.wasPresent() ? link.before.row.count() + 1 : 0;
        if (link.row.count() != count || (call.op() == Op.UPDATE && !link.wasPresent())) {
            findings.add("a lost update", link.before, link);
        }
    }

    /** Everything is known: which changes there have to be, and that they follow one another. */
    private void checkDone(Call call) {
        List<Chains.Link> changes = new ArrayList<>();
        for (int i = 0; i < call.steps().size(); i++) {
            Step step = call.steps().get(i);
            Chains.Link link = step.isDelete() ? deleted(call, step, i) : chains.written(step.token());
            if (link != null) {
                changes.add(link);
                checkResult(call, i, link);
            }
        }
        for (int i = 1; i < changes.size(); i++) {
            if (changes.get(i).row.revision() != changes.get(i - 1).row.revision() + 1) {
                findings.add("the changes of one call don't follow one another", changes.get(i - 1), changes.get(i));
            }
        }
        if (call.op() == Op.BATCH || call.op() == Op.SET_ALL) {
            checkSummary(call, changes);
        }
    }

    private Chains.Link deleted(Call call, Step step, int index) {
        Chains.Link link;
        if (call.op() == Op.BATCH) {
            link = call.details().get(4).equals("0") ? null : atEnd(call, step);
        } else {
            String value = call.details().get(index);
            if (value.equals(Call.NONE)) {
                return null;
            }
            link = chains.deleted(Text.token(value));
            if (link == null || !link.row.value().equals(value)) {
                findings.add("an acknowledged delete that did not happen", call, link);
            }
        }
        if (link != null && link.call != null) {
            findings.add("one value was deleted by two", link, call);
        } else if (link != null) {
            link.call = call;
        }
        return link;
    }

    private Chains.Link atEnd(Call call, Step step) {
        long revision = Long.parseLong(call.details().get(0));
        for (Chains.Link link : chains.chain(step.kind(), step.key())) {
            if (link.row.revision() == revision && link.row.isDelete()) {
                return link;
            }
        }
        findings.add("the delete of a batch did not happen", call);
        return null;
    }

    private void checkResult(Call call, int index, Chains.Link link) {
        Op op = call.op();
        String detail = index < call.details().size() ? call.details().get(index) : "";
        boolean right = switch (op) {
            case SET -> detail.equals(link.row.type());
            case UPDATE -> detail.equals(link.row.value());
            case JOINED -> link.row.isDelete() || detail.equals(link.row.type());
            case FOREIGN -> detail.equals(link.wasPresent() ? link.before.row.value() : Call.NONE);
            default -> true;
        };
        if (!right) {
            findings.add("another effect than the acknowledged one", call, link.before, link);
        }
    }

    private void checkSummary(Call call, List<Chains.Link> changes) {
        long created = changes.stream()
                .filter(link -> link.row.type().equals("CREATED"))
                .count();
        long updated = changes.stream()
                .filter(link -> link.row.type().equals("UPDATED"))
                .count();
        long deleted = changes.size() - created - updated;
        long revision =
                changes.isEmpty() ? 0 : changes.get(changes.size() - 1).row.revision();
        List<String> expected = List.of("" + revision, "" + created, "" + updated, "0", "" + deleted);
        if (!call.details().equals(expected)) {
            findings.add("a summary that is not true: " + expected, call);
        }
    }

    /** Its deletes may be among those that nobody else owns. */
    private void checkUnknown(Call call, List<Chains.Link> stored, long sets) {
        int size = stored.size();
        if (size > 1) {
            long span = stored.get(size - 1).row.revision() - stored.get(0).row.revision();
            if (span < size - 1 || span >= call.steps().size()) {
                findings.add("the changes of one call don't follow one another", call, stored);
            }
        }
        if (sets == 0 || size > 0) {
            for (Step step : call.steps()) {
                if (step.isDelete()) {
                    possibleDeletes.merge(new Chains.Name(step.kind(), step.key()), 1, Integer::sum);
                }
            }
        }
    }

    /** A first step is always a set, so a transaction that took place has stored something. */
    private void checkNote(Call call, boolean stored) {
        boolean transaction = call.op() == Op.FOREIGN || call.op() == Op.JOINED;
        if (transaction && evidence.notes().contains(call.id()) != stored) {
            findings.add("a transaction did only half of its work", call);
        }
    }

    private void checkOwner(Chains.Link link) {
        if (link.call != null) {
            return;
        }
        Chains.Name name = new Chains.Name(link.row.kind(), link.row.key());
        if (!link.row.isDelete()) {
            findings.add("a change that nobody asked for", link);
        } else if (Objects.requireNonNullElse(possibleDeletes.get(name), 0) == 0) {
            findings.add("a delete that nobody asked for", link);
        } else {
            possibleDeletes.merge(name, -1, Integer::sum);
        }
    }
}
