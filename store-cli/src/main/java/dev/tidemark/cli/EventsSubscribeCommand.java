package dev.tidemark.cli;

import dev.tidemark.event.Event;
import dev.tidemark.event.EventStore;
import dev.tidemark.event.Subscription;
import dev.tidemark.event.SubscriptionOptions;
import dev.tidemark.store.StoreException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "subscribe",
        description = {
            "Print events as they are committed, one JSON object a line, until it is interrupted.",
            "",
            "Prints 'subscribed' on standard error once every later event will be seen. Ends with exit 0 on SIGINT and "
                    + "SIGTERM.",
            ""
        },
        sortOptions = false)
final class EventsSubscribeCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration TURN = Duration.ofHours(1);

    private final EventsCommand events;

    @Mixin
    private EventFilterOptions filter = new EventFilterOptions();

    @Option(
            names = "--after",
            paramLabel = "POSITION",
            description = "Start behind this position, with what is there already; 0 for the first event.")
    private @Nullable Long after;

    @Option(names = "--count", paramLabel = "N", description = "End after N events.")
    private long count = Long.MAX_VALUE;

    private long printed;

    EventsSubscribeCommand(EventsCommand events) {
        this.events = events;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (count < 1) {
            throw new InputException("--count must be at least 1, not " + count);
        }
        SubscriptionOptions options = (after == null ? SubscriptionOptions.fromNow() : SubscriptionOptions.after(after))
                .withFilter(filter.toQuery());
        try (Interrupt interrupt = new Interrupt(ExitCode.FINE, PATIENCE)) {
            CompletableFuture<Subscription> opened = new CompletableFuture<>();
            try (Session session = events.open();
                    Subscription subscription = subscribe(events.events(session), options, opened)) {
                interrupt.endsWith(subscription::close);
                events.terminal().say("subscribed");
                opened.complete(subscription);
                return follow(subscription);
            }
        }
    }

    /** Nothing is printed before it is said that the subscription is in force. */
    private Subscription subscribe(
            EventStore store, SubscriptionOptions options, CompletableFuture<Subscription> opened) {
        return store.subscribe(options, event -> {
            Subscription subscription = opened.join();
            if (printed < count) {
                print(event);
            }
            if (printed == count) {
                subscription.close();
            }
        });
    }

    private void print(Event<?> event) {
        Output out = events.terminal().out();
        out.line(Json.event(event));
        out.flush();
        printed++;
    }

    private static int follow(Subscription subscription) throws InterruptedException {
        boolean ended = false;
        while (!ended) {
            ended = subscription.awaitEnd(TURN);
        }
        Throwable failure = subscription.failure().orElse(null);
        if (failure instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        if (failure != null) {
            throw new StoreException("the subscription ended: " + failure, failure);
        }
        return ExitCode.FINE;
    }
}
