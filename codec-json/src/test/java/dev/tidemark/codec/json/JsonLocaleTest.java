package dev.tidemark.codec.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Processes on machines of other languages write the same bytes. */
class JsonLocaleTest {
    record Day(@JsonFormat(pattern = "d MMMM uuuu") LocalDate date) {}

    static final class Writer {
        private Writer() {}

        public static void main(String[] args) {
            System.out.writeBytes(JsonCodec.of(Day.class).encode(new Day(LocalDate.of(2024, 10, 1))));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"en-US", "tr-TR", "ar-EG", "de-DE"})
    void namesAndDigitsAreThoseOfTheCodec(String locale) throws Exception {
        assertThat(written("-Duser.language=" + locale.substring(0, 2), "-Duser.country=" + locale.substring(3)))
                .isEqualTo("{\"date\":\"1 October 2024\"}");
    }

    private static String written(String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Writer.class.getName()));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String text = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).isZero();
        return text;
    }
}
