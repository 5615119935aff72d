package dev.tidemark.store.postgres.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.event.AggregateId;
import dev.tidemark.event.Event;
import dev.tidemark.event.EventQuery;
import dev.tidemark.store.Entry;
import dev.tidemark.store.Store;
import dev.tidemark.store.postgres.PostgresBackend;
import dev.tidemark.store.postgres.chaos.Call.Outcome;
import dev.tidemark.store.postgres.chaos.EventWriter.Attempt;
import dev.tidemark.store.postgres.chaos.EventWriter.Way;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Compares the events that are stored with what their writers were told, and with what subscriptions were handed. */
final class EventVerdict {
    private final List<Attempt> attempts;
    private final Map<String, List<Long>> heard;
    private final List<Event<?>> events;
    private final Store<String> store;

    /**
     * Reads what is stored.
     *
     * @param heard the positions that each subscription was handed, in order
     */
    EventVerdict(List<Attempt> attempts, Map<String, List<Long>> heard, PostgresBackend backend) {
        this.attempts = attempts;
        this.heard = heard;
        this.events = new ArrayList<>(backend.events(EventWriter.TYPES).list(EventQuery.all()));
        this.events.sort(Comparator.comparingLong(Event::position));
        this.store = backend.store(Text.CODEC);
    }

    /** Fails when anything is wrong, and when one of the ways to write succeeded less often than it should have. */
    void check(int ofEach) {
        checkVersions();
        checkAttempts();
        checkHeard();
        checkEnough(ofEach);
    }

    private void checkVersions() {
        Map<AggregateId, Integer> versions = new HashMap<>();
        for (Event<?> event : events) {
            AggregateId aggregate = event.aggregate();
            if (aggregate != null) {
                assertThat(event.version())
                        .as("the version of %s at position %s", aggregate, event.position())
                        .isEqualTo(versions.merge(aggregate, 1, Integer::sum));
            }
        }
    }

    /** Writes are whole or not there, and there or not as their writer was told; nothing else is there. */
    private void checkAttempts() {
        Map<String, List<String>> stored = new HashMap<>();
        for (Event<?> event : events) {
            String data = EventCast.data(event);
            stored.computeIfAbsent(Text.token(data), token -> new ArrayList<>()).add(data);
        }
        Map<String, String> entries = entries(EventWriter.KIND);
        for (Attempt attempt : attempts) {
            List<String> found = stored.remove(attempt.token());
            boolean there = found != null;
            if (attempt.outcome() != Outcome.UNKNOWN) {
                assertThat(there).as("%s is there", attempt).isEqualTo(attempt.outcome() == Outcome.DONE);
            }
            if (there) {
                assertThat(found).as("the events of %s", attempt).isEqualTo(whole(attempt));
            }
            assertThat(entries.remove(attempt.token()) != null)
                    .as("the entry of %s is there", attempt)
                    .isEqualTo(there && attempt.way() == Way.TOGETHER);
        }
        assertThat(stored).as("events that nobody wrote").isEmpty();
        assertThat(entries).as("entries that nobody wrote").isEmpty();
    }

    private static List<String> whole(Attempt attempt) {
        List<String> whole = new ArrayList<>();
        for (int i = 0; i < attempt.events(); i++) {
            whole.add(Text.value(attempt.token(), i));
        }
        return whole;
    }

    private void checkHeard() {
        List<Long> positions = events.stream().map(Event::position).toList();
        assertThat(positions).doesNotHaveDuplicates();
        heard.forEach((name, handed) -> {
            if (name.startsWith(EventCast.UNNAMED)) {
                assertThat(handed).as(name).isEqualTo(positions);
            } else {
                assertThat(handed.stream().distinct())
                        .as("%s, without what came again", name)
                        .isEqualTo(positions);
            }
        });
        Map<String, String> handled = new TreeMap<>();
        events.forEach(event -> handled.put(String.valueOf(event.position()), EventCast.data(event)));
        assertThat(entries(EventCast.HANDLED))
                .as("what the transactional handler wrote")
                .isEqualTo(handled);
    }

    /** Each of them was written once. */
    private Map<String, String> entries(String kind) {
        Map<String, String> values = new TreeMap<>();
        for (Entry<String> entry : store.list(kind).items()) {
            assertThat(entry.version()).as("writes of %s", entry.key()).isEqualTo(1);
            values.put(entry.key(), entry.value());
        }
        return values;
    }

    private void checkEnough(int ofEach) {
        Map<Way, Integer> done = new EnumMap<>(Way.class);
        for (Attempt attempt : attempts) {
            if (attempt.outcome() == Outcome.DONE) {
                done.merge(attempt.way(), 1, Integer::sum);
            }
        }
        for (Way way : Way.values()) {
            assertThat(done.getOrDefault(way, 0)).as("writes by way of %s", way).isGreaterThanOrEqualTo(ofEach);
        }
        assertThat(attempts).as("writes that a fault met").anyMatch(attempt -> attempt.outcome() != Outcome.DONE);
    }

    @Override
    public String toString() {
        Map<String, Integer> outcomes = new TreeMap<>();
        attempts.forEach(attempt -> outcomes.merge(attempt.way() + " " + attempt.outcome(), 1, Integer::sum));
        return events.size() + " events, " + outcomes;
    }
}
