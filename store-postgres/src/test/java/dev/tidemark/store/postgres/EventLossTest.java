package dev.tidemark.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemark.event.Event;
import dev.tidemark.event.EventHandler;
import dev.tidemark.event.Subscription;
import dev.tidemark.event.SubscriptionOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The newest events are lost while subscriptions run, as by the promotion of a standby that was behind, and so are their positions. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class EventLossTest extends OnEvents {

    @Override
    PostgresOptions options() {
        return super.options().withPollInterval(Duration.ofMillis(20));
    }

    private List<UUID> append(int count) {
        List<UUID> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Event<?> event = Deed.event(i);
            store.insert(event);
            ids.add(event.id());
        }
        return ids;
    }

    private static void awaitPosition(Subscription subscription, long position) {
        await().until(() -> subscription.position() == position);
    }

    /** Sets everything back to a position, at one moment. */
    private void lose(long position) throws Exception {
        database.execute("DELETE FROM events WHERE position > " + position
                + "; UPDATE events_subscriptions SET position = least(position, " + position
                + "); SELECT setval('events_position', " + position + ")");
    }

    @Test
    void aSubscriptionThatSawWhatIsLostEnds() throws Exception {
        try (Subscription subscription = store.subscribe(SubscriptionOptions.fromStart(), (EventHandler) event -> {})) {
            append(10);
            awaitPosition(subscription, 10);
            lose(5);
            assertThat(subscription.awaitEnd(PostgresServer.PATIENCE)).isTrue();
            assertThat(subscription.failure().orElseThrow()).hasMessageContaining("lost its newest commits");
        }
    }

    @Test
    void aNameGoesBackToItsCheckpoint() throws Exception {
        List<UUID> seen = new CopyOnWriteArrayList<>();
        SubscriptionOptions named = SubscriptionOptions.fromStart().withName("named");
        try (Subscription subscription = store.subscribe(named, (EventHandler) event -> seen.add(event.id()))) {
            List<UUID> expected = append(10);
            awaitPosition(subscription, 10);
            lose(5);
            awaitPosition(subscription, 5);
            expected.addAll(append(10));
            awaitPosition(subscription, 15);
            assertThat(seen).isEqualTo(expected);
        }
    }

    @Test
    void whatIsDeletedIsNotLost() throws Exception {
        List<UUID> seen = new CopyOnWriteArrayList<>();
        try (Subscription subscription =
                store.subscribe(SubscriptionOptions.fromStart(), (EventHandler) event -> seen.add(event.id()))) {
            List<UUID> expected = append(10);
            awaitPosition(subscription, 10);
            database.execute("DELETE FROM events");
            expected.addAll(append(1));
            awaitPosition(subscription, 11);
            assertThat(seen).isEqualTo(expected);
        }
    }

    @Test
    void aPlaceThatWasNeverReachedIsBelieved() throws Exception {
        try (Subscription subscription = store.subscribe(SubscriptionOptions.after(5), (EventHandler) event -> {})) {
            append(3);
            assertThat(subscription.awaitEnd(Duration.ofMillis(500))).isFalse();
            append(3);
            awaitPosition(subscription, 6);
        }
    }
}
