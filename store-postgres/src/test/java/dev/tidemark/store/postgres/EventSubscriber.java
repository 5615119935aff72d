package dev.tidemark.store.postgres;

import dev.tidemark.event.Subscription;
import dev.tidemark.event.SubscriptionOptions;
import dev.tidemark.store.Store;
import dev.tidemark.store.WriteBatch;
import java.time.Duration;

/** A process that writes down each event as a new entry, in the transaction that moves its checkpoint. It ends with its parent. */
final class EventSubscriber {
    static final String KIND = "handled";
    static final SubscriptionOptions NAMED =
            SubscriptionOptions.fromStart().withName("projection").withLease(Duration.ofSeconds(1));

    private EventSubscriber() {}

    /** The argument: a URI. */
    public static void main(String[] arguments) throws Exception {
        PostgresBackend backend =
                PostgresBackend.open(PostgresOptions.of(arguments[0]).withPoolSize(3));
        Store<String> store = backend.store(TextCodec.TEXT);
        Subscription subscription = backend.events(Deed.TYPES)
                .subscribe(
                        NAMED,
                        (event, transaction) -> transaction.write(
                                store,
                                new WriteBatch<String>()
                                        .create(
                                                KIND,
                                                String.valueOf(event.position()),
                                                event.id().toString())));
        System.out.println("ready");
        while (System.in.read() >= 0) {}
        if (subscription.failure().isPresent()) {
            throw new AssertionError(subscription.failure().get());
        }
        Runtime.getRuntime().halt(0);
    }
}
