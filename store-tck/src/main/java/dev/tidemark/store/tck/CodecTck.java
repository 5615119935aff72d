package dev.tidemark.store.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.codec.Codec;
import dev.tidemark.codec.CodecException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The suite that every codec has to pass: extend it, say what the codec is and what it is for, and run it with JUnit.
 *
 * @param <V> the type of the values
 * @since 0.1
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
public abstract class CodecTck<V> {
    private static final int MUTATIONS = 500;

    /** Makes a suite. */
    protected CodecTck() {}

    /** The codec, possibly a new one. */
    protected abstract Codec<V> codec();

    /**
     * Values that the codec has to carry, no two of them equal, the more different the better: empty ones, large ones, maps whose
     * order must not matter. Every call makes them anew, equal to those of the call before and, where the type lets it, with their
     * maps and sets filled in another order.
     */
    protected abstract List<V> values();

    /** Bytes that the codec has to refuse; none for a codec to which all bytes mean something. */
    protected abstract List<byte[]> malformed();

    @Test
    void k1_whatIsDecodedEqualsWhatWasEncoded() {
        Codec<V> codec = codec();
        for (V value : values()) {
            assertThat(codec.decode(codec.encode(value))).isNotNull().isEqualTo(value);
        }
    }

    @Test
    void k2_equalValuesHaveEqualBytes() {
        Codec<V> codec = codec();
        for (int round = 0; round < 20; round++) {
            List<V> some = values();
            List<V> same = values();
            assertThat(some).as("values").isNotEmpty().isEqualTo(same);
            for (int i = 0; i < some.size(); i++) {
                byte[] bytes = codec.encode(some.get(i));
                assertThat(codec.encode(same.get(i)))
                        .as("value %d, made anew", i)
                        .isEqualTo(bytes);
                assertThat(codec().encode(some.get(i)))
                        .as("value %d, by another codec", i)
                        .isEqualTo(bytes);
                assertThat(codec.encode(codec.decode(bytes)))
                        .as("value %d, encoded again", i)
                        .isEqualTo(bytes);
            }
        }
    }

    @Test
    void k2_differentValuesHaveDifferentBytes() {
        Codec<V> codec = codec();
        Set<String> encoded = new HashSet<>();
        for (V value : values()) {
            assertThat(encoded.add(Arrays.toString(codec.encode(value))))
                    .as("%s is told apart", value)
                    .isTrue();
        }
    }

    @Test
    void k13_malformedBytesAreRefused() {
        Codec<V> codec = codec();
        for (byte[] bytes : malformed()) {
            assertThatThrownBy(() -> codec.decode(bytes), "decoding %s", Arrays.toString(bytes))
                    .isInstanceOf(CodecException.class);
        }
    }

    @Test
    void k13_anyBytesAreAValueOrACodecException() {
        Codec<V> codec = codec();
        Random random = new Random(13);
        decodeOrRefuse(codec, new byte[0]);
        for (V value : values()) {
            byte[] bytes = codec.encode(value);
            for (int length = 0; length < Math.min(bytes.length, MUTATIONS); length++) {
                decodeOrRefuse(codec, Arrays.copyOf(bytes, length));
            }
            for (int i = 0; i < MUTATIONS && bytes.length > 0; i++) {
                byte[] mutated = bytes.clone();
                mutated[random.nextInt(mutated.length)] = (byte) random.nextInt();
                decodeOrRefuse(codec, mutated);
            }
        }
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] noise = new byte[random.nextInt(64)];
            random.nextBytes(noise);
            decodeOrRefuse(codec, noise);
        }
    }

    private void decodeOrRefuse(Codec<V> codec, byte[] bytes) {
        try {
            assertThat(codec.decode(bytes))
                    .as("what %s decodes to", Arrays.toString(bytes))
                    .isNotNull();
        } catch (CodecException refusal) {
            assertThat(refusal.getMessage()).isNotBlank();
        }
    }

    @Test
    void k13_aCodecKeepsNoArray() {
        Codec<V> codec = codec();
        for (V value : values()) {
            byte[] bytes = codec.encode(value);
            byte[] given = bytes.clone();
            V decoded = codec.decode(given);
            assertThat(given).as("what was given to decode").isEqualTo(bytes);
            Arrays.fill(given, (byte) 'x');
            assertThat(decoded)
                    .as("the value when the array that it came from changes")
                    .isEqualTo(value);
            byte[] returned = codec.encode(value);
            Arrays.fill(returned, (byte) 'x');
            assertThat(codec.encode(value))
                    .as("the bytes when those returned before have changed")
                    .isEqualTo(bytes);
        }
    }

    @Test
    void k9_aCodecIsThreadSafe() throws Exception {
        Codec<V> codec = codec();
        List<V> values = values();
        List<byte[]> encoded = values.stream().map(codec::encode).toList();
        try (Crew crew = new Crew(Duration.ofMinutes(1))) {
            crew.race(8, thread -> {
                Random random = new Random(thread);
                for (int i = 0; i < 300; i++) {
                    int chosen = random.nextInt(values.size());
                    assertThat(codec.encode(values.get(chosen))).isEqualTo(encoded.get(chosen));
                    assertThat(codec.decode(encoded.get(chosen))).isEqualTo(values.get(chosen));
                }
                return thread;
            });
        }
    }

    @Test
    void aCodecNamesItsMediaType() {
        assertThat(codec().mediaType()).matches("[a-z]+/[a-z0-9.+-]+");
    }
}
