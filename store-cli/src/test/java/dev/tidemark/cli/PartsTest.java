package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

/** The parts that the commands are made of, where a command shows too little of them. */
class PartsTest {
    private final Durations durations = new Durations();

    @ParameterizedTest
    @CsvSource({"500ms, PT0.5S", "5s, PT5S", "1m, PT1M", "2h, PT2H", "PT1.5S, PT1.5S", "pt5s, PT5S", "P1D, PT24H"})
    void durationsArePeoplesOrIso(String text, Duration expected) {
        assertThat(durations.convert(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "5", "s", "-5s", "5x", "0ms", "PT0S", "PT-5S", "PT0.0000001S", "999999999999h", "5 s", "P1Y"
            })
    void otherTextIsNoDuration(String text) {
        assertThatThrownBy(() -> durations.convert(text)).isInstanceOf(TypeConversionException.class);
    }

    @Test
    void textIsTheSameHoweverItArrives() {
        String text = "\uFEFFä😀\nb\r\n\n" + "x€".repeat(50_000) + "\n\uFEFFlast";
        for (int step : new int[] {1, 2, 3, 7, 4096, 1 << 20}) {
            TextInput input = new TextInput(trickle(text.getBytes(StandardCharsets.UTF_8), step));
            assertThat(input.preview(6).toString()).startsWith("ä😀\nb\r");
            assertThat(input.readLine()).isEqualTo("ä😀");
            assertThat(input.readLine()).isEqualTo("b\r");
            assertThat(input.readLine()).isEmpty();
            assertThat(input.readLine()).isEqualTo("x€".repeat(50_000));
            assertThat(input.readLine()).isEqualTo("\uFEFFlast");
            assertThat(input.lineNumber()).isEqualTo(5);
            assertThat(input.readLine()).isNull();
            assertThat(input.bytesRead()).isEqualTo(text.getBytes(StandardCharsets.UTF_8).length);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"80", "C0AF", "EDA080", "F4908080", "C3", "F09F98"})
    void whatIsNotUtf8IsAnErrorAtItsLine(String hex) {
        byte[] bad = java.util.HexFormat.of().parseHex(hex);
        byte[] bytes = java.util.Arrays.copyOf("one\ntwo\n".getBytes(StandardCharsets.UTF_8), 8 + bad.length);
        System.arraycopy(bad, 0, bytes, 8, bad.length);
        TextInput input = new TextInput(new ByteArrayInputStream(bytes));
        assertThat(input.readLine()).isEqualTo("one");
        assertThat(input.readLine()).isEqualTo("two");
        assertThatThrownBy(input::readLine).isInstanceOf(InputException.class).hasMessage("line 3: not valid UTF-8");
    }

    @Test
    void keysAreSeenOnce() {
        SeenKeys seen = new SeenKeys();
        Map<String, Boolean> model = new HashMap<>();
        Random random = new Random(42);
        int repeated = 0;
        for (int i = 0; i < 200_000; i++) {
            String key = Integer.toString(random.nextInt(150_000));
            boolean isNew = model.put(key, true) == null;
            assertThat(seen.add(key)).as(key).isEqualTo(isNew);
            repeated += isNew ? 0 : 1;
        }
        assertThat(repeated).isGreaterThan(50_000);
    }

    @Test
    void progressTellsRateAndRest() {
        Terminal nobody =
                new Terminal(InputStream.nullInputStream(), new Output(System.out), System.err, false, Map.of());
        try (Progress sized = new Progress(nobody, 1000, () -> 250);
                Progress unsized = new Progress(nobody, -1, () -> 250)) {
            assertThat(sized.text(5000, 250, 30))
                    .isEqualTo(" 25% [======                  ]  5,000 entries  167/s  ETA 1:30");
            assertThat(unsized.text(5000, 250, 30)).isEqualTo("5,000 entries  167/s");
        }
    }

    @Test
    void theDataSetAgreesWithTheJdk() {
        EntrySource source = new NdjsonSource(DemoData.open());
        int countries = 0;
        for (ImportedEntry entry = source.next(); entry != null; entry = source.next()) {
            if ("countries".equals(entry.kind())) {
                countries++;
                assertThat(entry.value().path("alpha3").asText())
                        .isEqualTo(new Locale.Builder()
                                .setRegion(entry.key())
                                .build()
                                .getISO3Country());
            }
        }
        assertThat(countries).isEqualTo(249);
        assertThat(WorldData.lines())
                .hasSizeGreaterThan(800)
                .allSatisfy(line -> assertThat(Json.parse(line)).hasSize(3));
    }

    private static InputStream trickle(byte[] bytes, int step) {
        return new ByteArrayInputStream(bytes) {
            @Override
            public synchronized int read(byte[] target, int offset, int length) {
                return super.read(target, offset, Math.min(step, length));
            }
        };
    }
}
