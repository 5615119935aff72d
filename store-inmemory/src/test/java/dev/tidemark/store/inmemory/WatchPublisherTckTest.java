package dev.tidemark.store.inmemory;

import dev.tidemark.store.Change;
import dev.tidemark.store.Store;
import dev.tidemark.store.StoreOptions;
import dev.tidemark.store.WatchOptions;
import dev.tidemark.store.Watches;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import org.testng.annotations.AfterClass;

/** The published suite of Reactive Streams, against a publisher of a watch that replays as many entries as it asks for. */
public class WatchPublisherTckTest extends FlowPublisherVerification<Change<Long>> {
    private final ExecutorService executor = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "subscription");
        thread.setDaemon(true);
        return thread;
    });

    public WatchPublisherTckTest() {
        super(new TestEnvironment(1000, 100));
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

    @Override
    public long maxElementsFromPublisher() {
        return 1000;
    }
}
