package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Checks that nothing in the contract of stores is left out by accident. */
final class JobStoreContractTest {
  @Test
  void every_chapter_is_in_one_part() throws Exception {
    List<String> nested =
        parts()
            .flatMap(JobStoreContractTest::nested)
            .map(Class::getSuperclass)
            .map(Class::getName)
            .toList();

    assertThat(nested).containsExactlyInAnyOrderElementsOf(chapters());
  }

  @Test
  void every_part_is_in_the_whole() {
    assertThat(nested(JobStoreContract.class).map(Class::getSuperclass).map(Class::getName))
        .containsExactlyInAnyOrderElementsOf(parts().map(Class::getName).toList());
  }

  private static Stream<Class<?>> parts() {
    return Arrays.stream(JobStoreContract.class.getDeclaredClasses())
        .filter(type -> type.getSuperclass() == JobStoreContract.Part.class);
  }

  private static Stream<Class<?>> nested(Class<?> type) {
    return Arrays.stream(type.getDeclaredClasses())
        .filter(inner -> inner.isAnnotationPresent(Nested.class));
  }

  private static List<String> chapters() throws Exception {
    Path classes =
        Path.of(JobStoreContract.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    String name = JobStoreContract.class.getPackageName();
    try (Stream<Path> files = Files.list(classes.resolve(name.replace('.', '/')))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(file -> file.matches("StoreContractOf[A-Za-z]+\\.class"))
          .map(file -> name + "." + file.replace(".class", ""))
          .toList();
    }
  }
}
