package dev.tidemark.codec.yaml;

import com.fasterxml.jackson.core.io.IOContext;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactoryBuilder;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import dev.tidemark.codec.json.internal.Refused;
import java.io.IOException;
import java.io.Writer;
import org.yaml.snakeyaml.DumperOptions;

/**
 * Writes YAML in which every string comes back as it was, or is refused. SnakeYAML makes other characters of some unpaired
 * surrogates, and other styles than the double-quoted one don't keep all white space.
 */
final class ExactYamlFactory extends YAMLFactory {
    private static final long serialVersionUID = 1L;

    private ExactYamlFactory(YAMLFactoryBuilder builder) {
        super(builder);
    }

    /** Returns the factory of {@code mapper}, changed for exact writing. */
    static ExactYamlFactory of(ObjectMapper mapper) {
        ExactYamlFactory factory = new ExactYamlFactory(((YAMLFactory) mapper.getFactory())
                .rebuild()
                .stringQuotingChecker(new Quoting())
                .disable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                .disable(YAMLGenerator.Feature.LITERAL_BLOCK_STYLE)
                .disable(YAMLGenerator.Feature.SPLIT_LINES)
                .disable(YAMLGenerator.Feature.USE_PLATFORM_LINE_BREAKS)
                .disable(YAMLGenerator.Feature.USE_NATIVE_OBJECT_ID));
        factory.setCodec(mapper);
        return factory;
    }

    @Override
    protected YAMLGenerator _createGenerator(Writer out, IOContext context) throws IOException {
        return new Generator(this, out, context);
    }

    private static final class Generator extends YAMLGenerator {
        Generator(ExactYamlFactory factory, Writer out, IOContext context) throws IOException {
            super(
                    context,
                    factory._generatorFeatures,
                    factory._yamlGeneratorFeatures,
                    factory._quotingChecker,
                    factory._objectCodec,
                    out,
                    factory._version);
        }

        @Override
        protected void _writeScalar(String value, String type, DumperOptions.ScalarStyle style) throws IOException {
            if (hasUnpairedSurrogate(value)) {
                throw new Refused("YAML can't hold an unpaired surrogate");
            }
            super._writeScalar(value, type, style);
        }

        /** A pair is one code point above the surrogates; only an unpaired one is a code point of its own. */
        private static boolean hasUnpairedSurrogate(String value) {
            return value.codePoints().anyMatch(c -> Character.MIN_SURROGATE <= c && c <= Character.MAX_SURROGATE);
        }
    }
}
