package io.kvd.server.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvd.server.Golden;
import io.kvd.server.runtime.config.ConfigKey.Constant;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;

class ConfigReferenceTest {

    @Test
    void pageOfTheDocumentationIsTheReference() throws IOException {
        Golden.check("docs/config.md", ConfigReference.markdown());
    }

    static java.util.List<ConfigKey<?>> keys() {
        return ConfigKeys.ALL;
    }

    @ParameterizedTest
    @MethodSource("keys")
    <T> void everyKeyIsWellFormed(ConfigKey<T> key) {
        assertThat(key.path()).matches("[a-z]+\\.[a-z-]+");
        assertThat(key.sentence()).endsWith(".").matches("[A-Z][^\\n]+");
        if (key.fallback() instanceof Constant constant) {
            T value = key.type().parse(constant.text());
            assertThat(key.type().print(value)).isEqualTo(constant.text());
        }
    }

    @Test
    void noTwoKeysShareAVariable() {
        assertThat(ConfigKeys.ALL.stream().map(ConfigKey::variable)).doesNotHaveDuplicates();
    }
}
