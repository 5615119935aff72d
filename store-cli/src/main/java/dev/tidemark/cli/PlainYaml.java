package dev.tidemark.cli;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.io.Reader;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;

/** YAML as far as JSON goes: mappings, sequences and scalars. Aliases and merge keys would come out as text, so they are refused. */
final class PlainYaml extends JsonParserDelegate {
    private static final YAMLFactory FACTORY =
            YAMLFactory.builder().loaderOptions(limits()).build();

    private final YAMLParser yaml;

    private PlainYaml(YAMLParser yaml) {
        super(yaml);
        this.yaml = yaml;
    }

    static JsonParser parser(Reader text) throws IOException {
        return new PlainYaml(FACTORY.createParser(text));
    }

    /** It is read as a stream, so the size of the whole does no harm. */
    private static LoaderOptions limits() {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(Integer.MAX_VALUE);
        return options;
    }

    @Override
    public @Nullable JsonToken nextToken() throws IOException {
        JsonToken token = super.nextToken();
        if (yaml.isCurrentAlias()) {
            throw new JsonParseException(this, "aliases are not supported", currentTokenLocation());
        }
        if (token == JsonToken.FIELD_NAME && currentName().equals("<<")) {
            throw new JsonParseException(this, "merge keys are not supported", currentTokenLocation());
        }
        return token;
    }

    /** The tree reader asks in this way, too. */
    @Override
    public @Nullable String nextFieldName() throws IOException {
        return nextToken() == JsonToken.FIELD_NAME ? currentName() : null;
    }

    @Override
    public @Nullable String nextTextValue() throws IOException {
        return nextToken() == JsonToken.VALUE_STRING ? getText() : null;
    }
}
