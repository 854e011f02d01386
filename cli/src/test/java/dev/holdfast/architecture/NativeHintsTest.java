package dev.holdfast.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Checks the hints for native images of GraalVM against the code: the types that Jackson binds, and
 * the resources. They are written with {@code -Dtidy.write=true}.
 */
class NativeHintsTest {
  private static final String WIRE = "http/src/main/java/dev/holdfast/http/wire";

  /** The types of other modules that JSON is read as or written from. */
  private static final List<String> BOUND_IN_CORE =
      List.of("dev.holdfast.Vitals", "dev.holdfast.RecoveryPolicy", "dev.holdfast.spi.LeaseRules");

  private static final List<String> BOUND_IN_SPRING_BOOT =
      List.of("dev.holdfast.spring.boot.JacksonVersion$Probe");

  /** The pages of the API's description, which another jar has. */
  private static final String SWAGGER = "META-INF/resources/webjars/swagger-ui/.*";

  private final SortedSet<String> seen = new TreeSet<>();

  @Test
  void name_each_type_that_is_bound_in_core() {
    BOUND_IN_CORE.forEach(name -> bind(type(name)));

    compare("core", "reflect-config.json", reflection());
  }

  @Test
  void name_each_type_that_is_bound_in_spring_boot() {
    BOUND_IN_SPRING_BOOT.forEach(name -> bind(type(name)));

    compare("spring-boot", "reflect-config.json", reflection());
  }

  @Test
  void name_each_wire_record_and_what_it_consists_of() {
    for (Path file : Repository.files(WIRE, "Json.java")) {
      String name = file.getFileName().toString().replace(".java", "");
      bindAll(type("dev.holdfast.http.wire." + name));
    }

    assertThat(seen)
        .contains("dev.holdfast.http.wire.JobJson", "dev.holdfast.http.wire.RawJson$Writer")
        .contains("dev.holdfast.JobState");
    compare("http", "reflect-config.json", reflection());
  }

  @ParameterizedTest
  @ValueSource(strings = {"core", "http", "sqlite", "postgres", "server"})
  void name_each_resource(String module) {
    String folder = module + "/src/main/resources/";
    List<String> patterns =
        Repository.files(folder, "").stream()
            .map(file -> Repository.name(file).substring(folder.length()))
            .filter(name -> !name.startsWith("META-INF/"))
            .map(name -> "\\\\Q" + name + "\\\\E")
            .toList();
    Stream<String> foreign = module.equals("server") ? Stream.of(SWAGGER) : Stream.of();

    assertThat(patterns).isNotEmpty();
    compare(
        module,
        "resource-config.json",
        Stream.concat(patterns.stream(), foreign)
            .map(pattern -> "      {\"pattern\": \"" + pattern + "\"}")
            .collect(
                Collectors.joining(
                    ",\n", "{\n  \"resources\": {\n    \"includes\": [\n", "\n    ]\n  }\n}\n")));
  }

  /** A module without a case above has nothing to name. */
  @Test
  void are_there_for_each_module_with_resources() {
    List<String> modules =
        Stream.of("jdbc", "config", "handlers", "otel", "micrometer", "spring", "spring-boot")
            .filter(
                module ->
                    Repository.files(module + "/src/main/resources", "").stream()
                        .anyMatch(file -> !Repository.name(file).contains("/META-INF/")))
            .toList();

    assertThat(modules).isEmpty();
  }

  private static Class<?> type(String name) {
    try {
      return Class.forName(name, false, NativeHintsTest.class.getClassLoader());
    } catch (ClassNotFoundException missing) {
      throw new AssertionError("there is no class " + name, missing);
    }
  }

  /** Binds a type and those that are declared in it, such as its serializers. */
  private void bindAll(Class<?> type) {
    bind(type);
    for (Class<?> inner : type.getDeclaredClasses()) {
      bindAll(inner);
    }
  }

  private void bind(Type type) {
    if (type instanceof ParameterizedType generic) {
      Stream.of(generic.getActualTypeArguments()).forEach(this::bind);
    } else if (type instanceof WildcardType wildcard) {
      Stream.of(wildcard.getUpperBounds()).forEach(this::bind);
    } else if (type instanceof GenericArrayType array) {
      bind(array.getGenericComponentType());
    } else if (type instanceof Class<?> plain && plain.getName().startsWith("dev.holdfast.")) {
      bindOurs(plain);
    }
  }

  private void bindOurs(Class<?> type) {
    if (!seen.add(type.getName()) || !type.isRecord()) {
      return;
    }
    for (RecordComponent component : type.getRecordComponents()) {
      bind(component.getGenericType());
    }
  }

  private String reflection() {
    return seen.stream()
        .map(NativeHintsTest::entry)
        .collect(Collectors.joining(",\n", "[\n", "\n]\n"));
  }

  private static String entry(String type) {
    return """
    {
      "name": "%s",
      "allDeclaredConstructors": true,
      "allDeclaredFields": true,
      "allDeclaredMethods": true,
      "allRecordComponents": true
    }\
    """
        .formatted(type)
        .indent(2)
        .stripTrailing();
  }

  private static void compare(String module, String file, String expected) {
    Path hints =
        Repository.file(
            "%s/src/main/resources/META-INF/native-image/dev.holdfast/%s/%s"
                .formatted(module, module, file));
    Generated.compare(hints, Repository.read(hints), expected);
  }
}
