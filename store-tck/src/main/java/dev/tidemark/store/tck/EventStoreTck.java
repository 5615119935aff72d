package dev.tidemark.store.tck;

import dev.tidemark.codec.Codec;
import dev.tidemark.event.EventStore;
import dev.tidemark.event.EventStoreOptions;
import dev.tidemark.event.EventTypes;
import dev.tidemark.store.Backend;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The suite that every event store has to pass: extend it, say how to open the backend, and run it with JUnit. See {@link StoreTck},
 * which is its model; the names of these tests begin with the rules for events.
 *
 * <pre>{@code
 * class MyEventsTest extends EventStoreTck {
 *     @Override
 *     protected Backend openBackend(Path directory) {
 *         return MyBackend.open(directory.resolve("data"));
 *     }
 * }
 * }</pre>
 *
 * @since 0.1
 */
@SuppressWarnings("exports") // JUnit gets the condition by reflection.
@ExtendWith(CapabilityCondition.class)
@Timeout(value = 5, unit = TimeUnit.MINUTES)
public abstract class EventStoreTck {

    /** Makes a suite. */
    protected EventStoreTck() {}

    /** Opens a backend, as for {@link StoreTck#openBackend}. */
    protected abstract Backend openBackend(Path directory);

    /** Opens an event store; {@code backend.events(types, options)} unless overridden. Several tests open several tables. */
    protected EventStore openEvents(Backend backend, EventTypes types, EventStoreOptions options) {
        return backend.events(types, options);
    }

    /** Opens a backend as {@link #openBackend} does, whose calls take at most {@code timeout}. */
    protected Backend openWithTimeout(Path directory, Duration timeout) {
        throw StoreTck.missing("openWithTimeout", Capability.STALL);
    }

    /** Makes every write to the database of {@code directory} wait, from now until the fault is closed. */
    protected Fault stallWrites(Path directory) {
        throw StoreTck.missing("stallWrites", Capability.STALL);
    }

    /** Breaks every connection, as for {@link StoreTck#cutOff}. */
    protected Fault cutOff(Path directory) {
        throw StoreTck.missing("cutOff", Capability.OUTAGE);
    }

    /** The codec that the suite stores the data of its events with; a plain one unless overridden. */
    protected Codec<Sample> codec() {
        return new SampleCodec();
    }

    /** How long to wait for what has to happen before the test fails; a minute unless overridden. */
    protected Duration patience() {
        return Duration.ofMinutes(1);
    }

    /** E1. */
    @Nested
    class Writes extends EventWriteRules {
        Writes() {
            super(EventStoreTck.this);
        }
    }

    /** E2. */
    @Nested
    class Conflicts extends EventConflictRules {
        Conflicts() {
            super(EventStoreTck.this);
        }
    }

    /** E3. */
    @Nested
    class ExpectedVersions extends ExpectedVersionRules {
        ExpectedVersions() {
            super(EventStoreTck.this);
        }
    }

    /** E4. */
    @Nested
    class Positions extends PositionRules {
        Positions() {
            super(EventStoreTck.this);
        }
    }

    /** E5. */
    @Nested
    class Streams extends EventStreamRules {
        Streams() {
            super(EventStoreTck.this);
        }
    }

    /** E6. */
    @Nested
    class Connecting extends EventConnectRules {
        Connecting() {
            super(EventStoreTck.this);
        }
    }

    /** E7. */
    @Nested
    class AppendIds extends AppendIdRules {
        AppendIds() {
            super(EventStoreTck.this);
        }
    }

    /** E8. */
    @Nested
    class Records extends EventRecordRules {
        Records() {
            super(EventStoreTck.this);
        }
    }

    /** E9. */
    @Nested
    class Filters extends EventFilterRules {
        Filters() {
            super(EventStoreTck.this);
        }
    }

    /** E10. */
    @Nested
    class Order extends EventOrderRules {
        Order() {
            super(EventStoreTck.this);
        }
    }

    /** E9 and E10 at random. */
    @Nested
    class Queries extends EventQueryRules {
        Queries() {
            super(EventStoreTck.this);
        }
    }

    /** E11. */
    @Nested
    class Deletes extends EventDeleteRules {
        Deletes() {
            super(EventStoreTck.this);
        }
    }

    /** E12. */
    @Nested
    class Decoding extends EventDecodingRules {
        Decoding() {
            super(EventStoreTck.this);
        }
    }

    /** E13. */
    @Nested
    class Subscriptions extends SubscriptionRules {
        Subscriptions() {
            super(EventStoreTck.this);
        }
    }

    /** E13, named ones. */
    @Nested
    class NamedSubscriptions extends NamedSubscriptionRules {
        NamedSubscriptions() {
            super(EventStoreTck.this);
        }
    }

    /** E14. */
    @Nested
    class TransactionalHandlers extends TransactionalHandlerRules {
        TransactionalHandlers() {
            super(EventStoreTck.this);
        }
    }

    /** E15. */
    @Nested
    class Hooks extends EventHookRules {
        Hooks() {
            super(EventStoreTck.this);
        }
    }

    /** E16. */
    @Nested
    class Transactions extends EventTransactionRules {
        Transactions() {
            super(EventStoreTck.this);
        }
    }

    /** E16, entries. */
    @Nested
    class TransactionalEntries extends TransactionalEntryRules {
        TransactionalEntries() {
            super(EventStoreTck.this);
        }
    }

    /** E17. */
    @Nested
    class Snapshots extends AggregateSnapshotRules {
        Snapshots() {
            super(EventStoreTck.this);
        }
    }

    /** E18. */
    @Nested
    class Models extends ModelRepositoryRules {
        Models() {
            super(EventStoreTck.this);
        }
    }

    /** E19. */
    @Nested
    class Aggregates extends AggregateRepositoryRules {
        Aggregates() {
            super(EventStoreTck.this);
        }
    }

    /** E19, deletions. */
    @Nested
    class AggregateDeletions extends AggregateDeletionRules {
        AggregateDeletions() {
            super(EventStoreTck.this);
        }
    }
}
