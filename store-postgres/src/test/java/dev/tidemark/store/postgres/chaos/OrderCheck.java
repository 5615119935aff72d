package dev.tidemark.store.postgres.chaos;

import dev.tidemark.store.postgres.chaos.Call.Op;
import dev.tidemark.store.postgres.chaos.Call.Outcome;
import dev.tidemark.store.postgres.chaos.Call.Step;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.Predicate;

/**
 * Linearizability. The outbox says in which order the writes took effect, so it is enough that this order agrees with the clock, and
 * that each read fits in: not before what had ended when it began, and not after what began when it had ended.
 */
final class OrderCheck {
    private final Chains chains;
    private final Findings findings;

    private OrderCheck(Chains chains, Findings findings) {
        this.chains = chains;
        this.findings = findings;
    }

    static void run(Evidence evidence, Chains chains, Findings findings) {
        OrderCheck check = new OrderCheck(chains, findings);
        check.revisionsFollowTime();
        check.tagsAreUnique(evidence.calls());
        check.readsFitIn(evidence.calls());
    }

    /** Whatever had returned before another call began has the smaller revision, whichever the keys. */
    private void revisionsFollowTime() {
        Chains.Link latest = null;
        for (Chains.Link link : chains.links()) {
            if (link.call == null) {
                continue;
            }
            if (latest != null && link.call.returned() < latest.call.invoked()) {
                findings.add("a change came before one that was acknowledged earlier", latest, link);
            }
            if (latest == null || latest.call.invoked() < link.call.invoked()) {
                latest = link;
            }
        }
    }

    private void tagsAreUnique(List<Call> calls) {
        Map<List<String>, String> tokens = new HashMap<>();
        for (Call call : calls) {
            Step step = call.steps().get(0);
            boolean read = call.op() == Op.GET && call.details().size() == 3;
            boolean written = call.op() == Op.CREATE || call.op() == Op.REPLACE;
            if (call.isDone() && (read || written)) {
                String tag = call.details().get(read ? 1 : 0);
                String token = read ? Text.token(call.details().get(0)) : step.token();
                String other = tokens.putIfAbsent(List.of(step.kind(), step.key(), tag), token);
                if (other != null && !other.equals(token)) {
                    findings.add("a tag was used twice: first for " + other, call);
                }
            }
        }
    }

    /**
     * Something that happened to a key.
     *
     * @param place of the change that it is; -1 for a read
     * @param saw for a read, whether it may have seen the state after a change; null stands for that before the first
     */
    private record Event(Call call, int place, Predicate<Chains.Link> saw) {}

    private void readsFitIn(List<Call> calls) {
        Map<Chains.Name, List<Event>> events = new HashMap<>();
        for (Call call : calls) {
            Predicate<Chains.Link> saw = seen(call);
            if (saw != null) {
                Step step = call.steps().get(0);
                events.computeIfAbsent(new Chains.Name(step.kind(), step.key()), name -> new ArrayList<>())
                        .add(new Event(call, -1, saw));
            }
        }
        events.forEach((name, ofKey) -> {
            List<Chains.Link> chain = chains.chain(name.kind(), name.key());
            for (Chains.Link link : chain) {
                if (link.call != null) {
                    ofKey.add(new Event(link.call, link.place, null));
                }
            }
            ofKey.sort(Comparator.comparingLong(event -> event.call().invoked()));
            fitIn(chain, ofKey);
        });
    }

    /** Null for a call that tells nothing about the state that it met. */
    private static Predicate<Chains.Link> seen(Call call) {
        Step step = call.steps().get(0);
        boolean done = call.isDone();
        boolean refused = call.outcome() == Outcome.REFUSED;
        return switch (call.op()) {
            case GET -> done ? sawValue(call.details()) : null;
            case AGAIN -> done ? link -> isPresent(link) && link.row.token().equals(step.token()) : null;
            case DELETE -> done && call.details().get(0).equals(Call.NONE) ? link -> !isPresent(link) : null;
            case UPDATE -> refused ? link -> !isPresent(link) : null;
            case CREATE -> refused ? OrderCheck::isPresent : null;
            case REPLACE ->
                refused ? link -> !isPresent(link) || !link.row.token().equals(step.expected()) : null;
            default -> null;
        };
    }

    private static Predicate<Chains.Link> sawValue(List<String> details) {
        if (details.get(0).equals(Call.NONE)) {
            return link -> !isPresent(link);
        }
        long version = Long.parseLong(details.get(2));
        return link -> isPresent(link) && link.row.value().equals(details.get(0)) && link.row.version() == version;
    }

    private static boolean isPresent(Chains.Link link) {
        return link != null && !link.row.isDelete();
    }

    private record Ended(long returned, int place) {}

    /** Gives each read the earliest place that it may have, which leaves the most room to those after it. */
    private void fitIn(List<Chains.Link> chain, List<Event> events) {
        PriorityQueue<Ended> ending = new PriorityQueue<>(Comparator.comparingLong(Ended::returned));
        int reached = -1;
        for (Event event : events) {
            while (!ending.isEmpty() && ending.peek().returned() < event.call().invoked()) {
                reached = Math.max(reached, ending.remove().place());
            }
            int place = event.saw() == null ? event.place() : earliest(chain, reached, event.saw());
            if (event.saw() == null && place <= reached) {
                findings.add("written behind what had been seen already", event.call(), chain.get(reached));
            } else if (event.saw() != null && place == chain.size()) {
                findings.add("a stale read, or a value that never was", event.call(), at(chain, reached));
            } else if (event.saw() != null && isFuture(at(chain, place), event.call())) {
                findings.add("read before it was written", event.call(), at(chain, place));
            }
            ending.add(new Ended(event.call().returned(), Math.min(place, chain.size() - 1)));
        }
    }

    private static int earliest(List<Chains.Link> chain, int from, Predicate<Chains.Link> saw) {
        int place = from;
        while (place < chain.size() && !saw.test(at(chain, place))) {
            place++;
        }
        return place;
    }

    private static Chains.Link at(List<Chains.Link> chain, int place) {
        return place < 0 || place >= chain.size() ? null : chain.get(place);
    }

    private static boolean isFuture(Chains.Link link, Call read) {
        return link != null && link.call != null && link.call.invoked() > read.returned();
    }
}
