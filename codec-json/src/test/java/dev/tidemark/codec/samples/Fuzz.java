package dev.tidemark.codec.samples;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.codec.Codec;
import dev.tidemark.codec.CodecException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Bytes nobody wrote on purpose: noise, and documents with a few edits. Each is either refused with a {@link CodecException},
 * or gives a value whose encoding is a fixed point: it decodes, and encodes to the same bytes again.
 */
public final class Fuzz {
    private static final int WORKERS = 4;

    private final long seed;
    private final List<byte[]> words = new ArrayList<>();
    private final List<Target<?>> targets = new ArrayList<>();

    /** A codec, and the bytes of one value, a char each. */
    private record Target<V>(Codec<V> codec, String document) {}

    /** {@code words} are what the edits insert, beside single bytes. */
    public Fuzz(long seed, String... words) {
        this.seed = seed;
        for (String word : words) {
            this.words.add(word.getBytes(UTF_8));
        }
    }

    public <V> Fuzz target(Codec<V> codec, V value) {
        targets.add(new Target<>(codec, new String(codec.encode(value), ISO_8859_1)));
        return this;
    }

    /** Feeds {@code inputs} inputs, and checks that not just all of them were refused, or accepted. */
    public void run(int inputs) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
        try {
            List<Future<Worker>> workers = new ArrayList<>();
            for (int i = 0; i < WORKERS; i++) {
                Worker worker = new Worker(new Random(seed + i));
                workers.add(pool.submit(() -> worker.run(inputs / WORKERS)));
            }
            for (Future<Worker> worker : workers) {
                worker.get().check(inputs / WORKERS);
            }
        } finally {
            pool.shutdownNow();
        }
    }

    private final class Worker {
        private final Random random;
        private int decoded;
        private int refused;
        private long longestNanos;

        Worker(Random random) {
            this.random = random;
        }

        Worker run(int inputs) {
            for (int i = 0; i < inputs; i++) {
                long start = System.nanoTime();
                feed(targets.get(random.nextInt(targets.size())));
                longestNanos = Math.max(longestNanos, System.nanoTime() - start);
            }
            return this;
        }

        void check(int inputs) {
            assertThat(decoded).as("decoded").isGreaterThan(inputs / 20);
            assertThat(refused).as("refused").isGreaterThan(inputs / 5);
            assertThat(longestNanos).as("nanoseconds of the slowest input").isLessThan(30_000_000_000L);
        }

        private <V> void feed(Target<V> target) {
            Codec<V> codec = target.codec();
            byte[] input =
                    random.nextInt(8) == 0 ? noise() : mutated(target.document().getBytes(ISO_8859_1));
            try {
                V value = codec.decode(input);
                checkFixedPoint(codec, value, input);
                decoded++;
            } catch (CodecException expected) {
                refused++;
            } catch (RuntimeException | Error unexpected) {
                throw new AssertionError("Input: " + new String(input, ISO_8859_1), unexpected);
            }
        }

        private <V> void checkFixedPoint(Codec<V> codec, V value, byte[] input) {
            // What came in by one spelling may be refused in ours, and an infinity without a type becomes a string.
            byte[] once = codec.encode(value);
            byte[] twice = codec.encode(decoded(codec, once));
            byte[] last = Arrays.equals(once, twice) ? twice : codec.encode(decoded(codec, twice));
            assertThat(new String(last, ISO_8859_1))
                    .as("encodings of %s", new String(input, ISO_8859_1))
                    .isEqualTo(new String(twice, ISO_8859_1));
        }

        private <V> V decoded(Codec<V> codec, byte[] bytes) {
            try {
                return codec.decode(bytes);
            } catch (CodecException e) {
                throw new AssertionError("Wrote what it can't read: " + new String(bytes, UTF_8), e);
            }
        }

        private byte[] noise() {
            byte[] noise = new byte[random.nextInt(200)];
            random.nextBytes(noise);
            return noise;
        }

        private byte[] mutated(byte[] document) {
            byte[] bytes = document;
            for (int edits = 1 + random.nextInt(3); edits > 0; edits--) {
                bytes = edited(bytes);
            }
            return bytes;
        }

        private byte[] edited(byte[] bytes) {
            int from = random.nextInt(bytes.length + 1);
            int to = Math.min(bytes.length, from + random.nextInt(8));
            return switch (random.nextInt(6)) {
                case 0 -> spliced(bytes, from, to, new byte[0]);
                case 1 -> spliced(bytes, from, from, new byte[] {(byte) random.nextInt(256)});
                case 2 -> spliced(bytes, from, to, words.get(random.nextInt(words.size())));
                case 3 ->
                    spliced(bytes, from, from, Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + 40)));
                case 4 -> flipped(bytes, from);
                default -> random.nextInt(4) == 0 ? Arrays.copyOf(bytes, from) : flipped(bytes, to);
            };
        }

        private byte[] flipped(byte[] bytes, int at) {
            byte[] result = bytes.clone();
            if (at < result.length) {
                result[at] ^= (byte) (1 << random.nextInt(8));
            }
            return result;
        }

        private byte[] spliced(byte[] bytes, int from, int to, byte[] middle) {
            byte[] result = Arrays.copyOf(bytes, from + middle.length + bytes.length - to);
            System.arraycopy(middle, 0, result, from, middle.length);
            System.arraycopy(bytes, to, result, from + middle.length, bytes.length - to);
            return result;
        }
    }
}
