package dev.tidemark.store.tck;

import dev.tidemark.codec.Codec;
import dev.tidemark.event.Aggregate;
import dev.tidemark.event.AggregateRepository;
import dev.tidemark.event.AggregateType;
import dev.tidemark.event.SnapshotStore;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;

/** What the tests of aggregates start from: a repository of accounts. */
abstract class AggregateRules extends EventRules {
    static final UUID ID = UUID.randomUUID();

    /** Deletes an account softly. */
    record Closed(int reason) {}

    /** Takes that back. */
    record Reopened(int reason) {}

    final AtomicInteger evolved = new AtomicInteger();

    AggregateRepository<Sample> accounts;

    // JUnit sets the rest before each test.
    @SuppressWarnings("NullAway.Init")
    AggregateRules(EventStoreTck tck) {
        super(tck);
    }

    @BeforeEach
    final void openAccounts() {
        Codec<Closed> closed =
                new Adapted<>(tck.codec(), each -> sample(each.reason()), sample -> new Closed(sample.number()));
        Codec<Reopened> reopened =
                new Adapted<>(tck.codec(), each -> sample(each.reason()), sample -> new Reopened(sample.number()));
        events = open(types().with("closed", Closed.class, closed).with("reopened", Reopened.class, reopened));
        accounts = AggregateRepository.over(events, account());
    }

    /** An account: what is counted is its balance, what is remarked its name. */
    final AggregateType<Sample> account() {
        AggregateType<Sample> type = AggregateType.of("account", id -> new Sample("new", 0), (state, data) -> {
            evolved.incrementAndGet();
            if (data instanceof Sample counted) {
                return new Sample(state.name(), state.number() + counted.number());
            }
            return data instanceof Remark remark ? new Sample(remark.text(), state.number()) : state;
        });
        return type.withSoftDelete(Closed.class, Reopened.class);
    }

    final SnapshotStore<Sample> snapshots() {
        return SnapshotStore.over(backend.store(tck.codec()), "account");
    }

    final Aggregate<Sample> stored(Object... data) {
        return accounts.use(ID, account -> account.record(data));
    }
}
