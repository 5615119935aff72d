package dev.tidemark.store.inmemory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.Change;
import dev.tidemark.store.Store;
import dev.tidemark.store.StoreOptions;
import dev.tidemark.store.WatchOptions;
import dev.tidemark.store.Watches;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import org.awaitility.Awaitility;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import org.testng.annotations.AfterClass;
import org.testng.annotations.Test;

/** The published suite of Reactive Streams, against a publisher of a watch that replays as many entries as it asks for. */
public class WatchPublisherTckTest extends FlowPublisherVerification<Change<Long>> {
    /** Looks every 20 ms for the error that it waits for, and not once in the end. */
    private static final TestEnvironment ENVIRONMENT = new TestEnvironment(30_000, 100, 20);

    private final ExecutorService executor = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "subscription");
        thread.setDaemon(true);
        return thread;
    });

    public WatchPublisherTckTest() {
        super(ENVIRONMENT);
    }

    @AfterClass
    public void stop() {
        executor.shutdownNow();
    }

    @Override
    public Flow.Publisher<Change<Long>> createFlowPublisher(long elements) {
        InMemoryBackend backend = InMemoryBackend.open();
        Store<Long> store = backend.store(StoreOptions.defaults());
        for (long i = 0; i < Math.min(elements, 1000); i++) {
            store.set("kind", "key" + i, i);
        }
        return Watches.publisher(
                () -> new EndsAfterReplay<>(
                        store.watch("kind", WatchOptions.defaults().withInitialReplay())),
                executor);
    }

    @Override
    public Flow.Publisher<Change<Long>> createFailedFlowPublisher() {
        InMemoryBackend backend = InMemoryBackend.open();
        Store<Long> store = backend.store(StoreOptions.defaults());
        backend.close();
        return Watches.publisher(() -> store.watch("kind", WatchOptions.defaults()), executor);
    }

    /** The original looks once whether the subscriber was collected, after a moment that may be too short. */
    @Override
    @Test
    public void required_spec313_cancelMustMakeThePublisherEventuallyDropAllReferencesToTheSubscriber()
            throws InterruptedException {
        WeakReference<?> cancelled = cancelled();
        Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> {
            System.gc();
            return cancelled.get() == null;
        });
    }

    private WeakReference<?> cancelled() throws InterruptedException {
        var subscriber = ENVIRONMENT.newManualSubscriber(createPublisher(3));
        subscriber.request(1);
        assertThat(subscriber.nextElement()).isNotNull();
        subscriber.cancel();
        return new WeakReference<>(subscriber);
    }

    @Override
    public long maxElementsFromPublisher() {
        return 1000;
    }
}
