package dev.tidemark.store.postgres.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.postgres.chaos.Verdict.Seen;
import java.util.Collections;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** As {@link VerdictTest}, of what watches delivered, and of the history that they had. */
class WatchVerdictTest extends SpoiltEvidence {
    private static final long RETENTION = Options.RETENTION.toSeconds();
    private static final long GRACE = Options.GRACE.toSeconds();

    @Test
    void aChangeThatAWatchMissed() {
        seen.remove(3);
        finds("is not the outbox");
    }

    @Test
    void theLastChangeMissed() {
        seen.remove(seen.size() - 1);
        finds("is not the outbox");
    }

    @Test
    void aChangeDeliveredTwice() {
        seen.add(4, seen.get(3));
        finds("is not the outbox");
    }

    @Test
    void twoChangesSwapped() {
        Collections.swap(seen, 1, 2);
        finds("is not the outbox");
    }

    @Test
    void aChangeDeliveredWithAnotherVersion() {
        Row row = seen.get(0);
        seen.set(0, new Row(row.revision(), row.type(), row.kind(), row.key(), 9, row.value()));
        finds("is not the outbox");
    }

    @Test
    void aReplayOfAnotherState() {
        replayed.clear();
        finds("replays another state");
    }

    /** "a" was shown as of revision 2, and what follows it as of revision 5, when the snapshot was a newer one. */
    private void replayInTwoParts() {
        replayed.add(new Row(5, "CREATED", K, "b", 1, "c4.0:0"));
        replayed.add(new Row(5, "CREATED", K, "c", 1, "c4.1:0"));
        seen.removeIf(row -> row.revision() == 4 || row.revision() == 5);
    }

    @Test
    void aReplayThatWentOnWithANewerSnapshot() {
        replayInTwoParts();
        assertThat(problems()).isEmpty();
    }

    @Test
    void aChangeBetweenTheSnapshotsMissed() {
        replayInTwoParts();
        seen.remove(0);
        finds("is not the outbox");
    }

    @Test
    void aChangeAlreadyReplayed() {
        replayInTwoParts();
        seen.add(1, rows.get(3));
        finds("is not the outbox");
    }

    @Test
    void aReplayThatMissesAKey() {
        replayInTwoParts();
        replayed.remove(2);
        finds("replays another state");
    }

    @Test
    void aReplayOutOfOrder() {
        replayInTwoParts();
        Collections.swap(replayed, 1, 2);
        finds("a replay out of order");
    }

    @Test
    void aReplayThatWasOverTooEarly() {
        replayInTwoParts();
        early = 0;
        finds("said too early that its replay was over");
    }

    @Test
    void aWatchThatWasClosed() {
        closeAfter(7);
        assertThat(problems()).isEmpty();
    }

    private void closeAfter(long revision) {
        end = revision;
        seen.removeIf(row -> row.revision() > revision);
    }

    @Test
    void aWatchThatSaysItWasFurtherWhenItWasClosed() {
        closeAfter(7);
        end = 8;
        finds("is not the outbox");
    }

    @Test
    void aWatchThatSaysItWasLessFarWhenItWasClosed() {
        closeAfter(7);
        end = 6;
        finds("is not the outbox");
    }

    /** In two transactions, of which the second was for the number. */
    private void compact() {
        gone.add(new Gone(1, RETENTION, 0, 100));
        gone.add(new Gone(2, RETENTION, 0, 100));
        gone.add(new Gone(3, RETENTION, 0, 100));
        gone.add(new Gone(4, GRACE, Options.RETAINED, 101));
        floor = 4;
    }

    private void resumeWithoutReplay() {
        replay = false;
        replayed.clear();
    }

    @Test
    void historyThatWasCompacted() {
        compact();
        assertThat(problems()).isEmpty();
    }

    @Test
    void historyCompactedThoughItWasYoung() {
        compact();
        gone.set(2, new Gone(3, RETENTION - 1, Options.RETAINED - 1, 100));
        finds("gone before its time");
    }

    @Test
    void historyCompactedThoughThatWasWithinTheGrace() {
        compact();
        gone.set(3, new Gone(4, GRACE - 1, Options.RETAINED, 101));
        finds("gone before its time");
    }

    @Test
    void aFloorBehindWhatIsGone() {
        compact();
        floor = 3;
        finds("the floor is not where history begins");
    }

    @Test
    void aFloorAboveWhatIsThere() {
        compact();
        floor = 5;
        finds("the floor is not where history begins");
    }

    @Test
    void aHoleInTheHistory() {
        compact();
        gone.remove(1);
        finds("history has a hole");
    }

    @Test
    void aGapInPlaceOfARefusal() {
        compact();
        resumeWithoutReplay();
        seen.remove(0);
        finds("is not the outbox");
    }

    @Test
    void aRefusal() {
        compact();
        resumeWithoutReplay();
        closeAfter(3);
        refusals.add(new Stream.Refusal(3, 4));
        assertThat(problems()).isEmpty();
    }

    @Test
    void aRefusalAtAFloorThatNeverWas() {
        compact();
        resumeWithoutReplay();
        closeAfter(2);
        refusals.add(new Stream.Refusal(2, 5));
        finds("refused for what it had not missed");
    }

    @Test
    void aRefusalOfWhatIsThere() {
        compact();
        resumeWithoutReplay();
        closeAfter(4);
        refusals.add(new Stream.Refusal(4, 4));
        finds("refused for what it had not missed");
    }

    @Test
    void aRefusalBecauseOfSomebodyWhoWasLessFar() {
        compact();
        resumeWithoutReplay();
        closeAfter(6);
        refusals.add(new Stream.Refusal(2, 4));
        finds("refused for what it had not missed");
    }

    @Test
    void aWatchThatStaysRefused() {
        compact();
        refusals.add(new Stream.Refusal(3, 4));
        finds("refused for what it had not missed");
    }

    @Test
    void whatWasSeen() {
        compact();
        replayInTwoParts();
        closeAfter(7);
        refusals.add(new Stream.Refusal(7, 8));
        assertThat(verdict().seen())
                .isEqualTo(Map.of(
                        Seen.REPLAYS,
                        1,
                        Seen.MENDED_REPLAYS,
                        1,
                        Seen.RESUMES,
                        0,
                        Seen.REFUSALS,
                        1,
                        Seen.COMPACTIONS,
                        2));
        replayed.clear();
        replay = false;
        end = Stream.OPEN;
        assertThat(verdict().seen()).isEqualTo(Map.of(Seen.REFUSALS, 1, Seen.COMPACTIONS, 2));
        end = 7;
        assertThat(verdict().seen()).containsEntry(Seen.REPLAYS, 0).containsEntry(Seen.RESUMES, 1);
    }

    @Test
    void aWatchThatEnded() {
        problems.add("X overflow");
        finds("an end that no watch should have");
    }
}
