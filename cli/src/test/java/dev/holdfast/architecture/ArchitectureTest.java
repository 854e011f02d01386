package dev.holdfast.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * The architecture as rules that are checked against the compiled classes of all modules except
 * examples and benchmarks.
 */
class ArchitectureTest {
  private static final List<String> LIBRARIES =
      List.of(
          "core",
          "jdbc",
          "sqlite",
          "postgres",
          "config",
          "handlers",
          "http",
          "otel",
          "micrometer",
          "test",
          "testkit");

  /** The packages of the API; those below the root know nothing of it. */
  private static final String[] API = {
    "dev.holdfast",
    "dev.holdfast.check",
    "dev.holdfast.error",
    "dev.holdfast.search",
    "dev.holdfast.series",
    "dev.holdfast.step",
    "dev.holdfast.timetable"
  };

  private static final JavaClasses PRODUCT =
      classesOf(
          "core",
          "jdbc",
          "sqlite",
          "postgres",
          "config",
          "handlers",
          "http",
          "otel",
          "micrometer",
          "spring",
          "spring-boot",
          "server",
          "cli");
  private static final JavaClasses HOUSE =
      classesOf(
          "core",
          "jdbc",
          "sqlite",
          "postgres",
          "config",
          "handlers",
          "http",
          "otel",
          "micrometer",
          "spring",
          "spring-boot",
          "server",
          "cli",
          "test",
          "testkit");

  private static JavaClasses classesOf(String... modules) {
    List<Path> folders =
        Stream.of(modules).map(module -> Repository.file(module + "/target/classes")).toList();
    assertThat(folders).as("compiled classes of all modules").allMatch(Files::isDirectory);
    return new ClassFileImporter().importPaths(folders);
  }

  @Nested
  class The_direction_of_imports {
    @Test
    void core_knows_nothing_of_databases() {
      noClasses()
          .that(areInCore())
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.sql..", "javax.sql..")
          .because("the engine runs on any store, on one in memory too")
          .check(HOUSE);
    }

    @Test
    void core_depends_on_the_JDK_and_three_small_libraries() {
      classes()
          .that(areInCore())
          .should()
          .onlyDependOnClassesThat(
              areInCore()
                  .or(resideInAPackage("java.."))
                  .or(resideInAPackage("org.slf4j.."))
                  .or(resideInAPackage("org.jspecify.."))
                  .or(resideInAPackage("tools.jackson..")))
          .because("programs that embed Holdfast inherit all of its dependencies")
          .check(HOUSE);
    }

    @Test
    void the_configuration_knows_what_it_configures_and_no_program() {
      classes()
          .that()
          .resideInAPackage("dev.holdfast.config..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              apiAnd("dev.holdfast.config", "java..", "org.jspecify..", "tools.jackson.."))
          .because("every program that runs a queue is configured in the same way")
          .check(HOUSE);
    }

    /**
     * Java's own HTTP client is used, so that programs that embed a handler need no other library.
     */
    @Test
    void built_in_handlers_depend_on_the_API_alone() {
      classes()
          .that()
          .resideInAPackage("dev.holdfast.handlers..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              apiAnd(
                  "dev.holdfast.spi..",
                  "dev.holdfast.handlers..",
                  "java..",
                  "javax.crypto..",
                  "javax.net..",
                  "com.fasterxml.jackson.annotation..",
                  "tools.jackson..",
                  "org.slf4j..",
                  "org.jspecify.."))
          .because("they run in a command, in a server and in programs of others alike")
          .check(HOUSE);
    }

    @Test
    void wire_forms_depend_on_the_API_alone() {
      classes()
          .that()
          .resideInAPackage("dev.holdfast.http..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              apiAnd(
                  "dev.holdfast.spi..",
                  "dev.holdfast.http..",
                  "java..",
                  "com.fasterxml.jackson.annotation..",
                  "tools.jackson..",
                  "org.slf4j.event..",
                  "org.jspecify.."))
          .because("clients inherit their dependencies")
          .check(HOUSE);
    }

    @Test
    void the_server_is_handed_an_open_queue() {
      noClasses()
          .that()
          .resideInAPackage("dev.holdfast.server..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.holdfast.engine..",
              "dev.holdfast.jdbc..",
              "dev.holdfast.sqlite..",
              "dev.holdfast.postgres..",
              "dev.holdfast.config..",
              "dev.holdfast.handlers.exec..",
              "dev.holdfast.handlers.http..")
          .because("its caller decides which queue it serves, and what runs next to it")
          .check(HOUSE);
    }

    @Test
    void one_package_knows_the_HTTP_server() {
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.holdfast.server.undertow..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.undertow..", "org.xnio..")
          .because("routes define requests and responses, not their transport")
          .check(HOUSE);
    }

    @Test
    void one_module_knows_OpenTelemetry() {
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.holdfast.otel..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.opentelemetry..")
          .because("programs without tracing need no library for it")
          .check(HOUSE);
    }

    @Test
    void one_package_knows_the_terminal_library() {
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.holdfast.cli.top..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.jline..")
          .because("other commands start without it")
          .check(HOUSE);
    }

    @Test
    void three_modules_know_Micrometer() {
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "dev.holdfast.micrometer..", "dev.holdfast.server..", "dev.holdfast.spring.boot..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.micrometer..")
          .because("a program that does not measure takes no library for it")
          .check(HOUSE);
    }

    @Test
    void two_modules_know_Spring_and_one_of_them_Spring_Boot() {
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.holdfast.spring..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.springframework..")
          .because("Spring is one place to live among others")
          .check(HOUSE);
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.holdfast.spring.boot..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.springframework.boot..")
          .because("what Spring Boot moves concerns one module")
          .check(HOUSE);
    }

    /** Classes that moved between two versions of Spring Boot are used by one class per version. */
    @Test
    void one_class_for_each_version_knows_what_has_moved() {
      noClasses()
          .that()
          .haveSimpleNameNotEndingWith("OfBoot4")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.springframework.boot.health..", "org.springframework.boot.jdbc..")
          .because("Spring Boot 3.5 does not have them")
          .check(HOUSE);
      noClasses()
          .that()
          .haveSimpleNameNotEndingWith("OfBoot3")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.springframework.boot.actuate.health..",
              "org.springframework.boot.autoconfigure.jdbc..")
          .because("Spring Boot 4 does not have them")
          .check(HOUSE);
    }

    @Test
    void the_starter_uses_what_every_user_can_use() {
      noClasses()
          .that()
          .resideInAPackage("dev.holdfast.spring..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.holdfast.engine..",
              "dev.holdfast.jdbc.*..",
              "dev.holdfast.sqlite..",
              "dev.holdfast.postgres..")
          .because("on the class path nothing else keeps it out of the engine")
          .check(HOUSE);
    }

    @Test
    void only_stores_over_JDBC_know_it() {
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "dev.holdfast.jdbc..",
              "dev.holdfast.sqlite..",
              "dev.holdfast.postgres..",
              "dev.holdfast.spring..",
              "dev.holdfast.testkit.postgres..",
              "dev.holdfast.testkit.sql..")
          .and(
              areNot(
                  "dev.holdfast.testkit.DriverFaultsContract",
                  "dev.holdfast.testkit.DriverFaultsScenarios"))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.sql..", "javax.sql..", "org.sqlite..", "org.postgresql..")
          .because("the store SPI is the only door to a database")
          .check(HOUSE);
    }

    @Test
    void what_dialects_share_knows_no_dialect() {
      noClasses()
          .that()
          .resideInAPackage("dev.holdfast.jdbc..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.holdfast.sqlite..",
              "dev.holdfast.postgres..",
              "dev.holdfast.postgres..",
              "org.sqlite..",
              "org.postgresql..")
          .because("a statement that all share must run on each of them")
          .check(HOUSE);
    }

    @Test
    void dialects_do_not_know_each_other() {
      slices()
          .assignedFrom(new Dialects())
          .should()
          .notDependOnEachOther()
          .because("each can be understood, changed and omitted alone; what they share is in jdbc")
          .check(HOUSE);
    }

    @Test
    void nothing_knows_the_command_line() {
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.holdfast.cli..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.holdfast.cli..")
          .because("it is one user of the library among others")
          .check(HOUSE);
    }

    @Test
    void the_command_line_uses_what_every_user_can_use() {
      noClasses()
          .that()
          .resideInAPackage("dev.holdfast.cli..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.holdfast.engine..",
              "dev.holdfast.jdbc.*..",
              "dev.holdfast.sqlite..",
              "dev.holdfast.postgres..")
          .because("on the class path nothing else keeps it out of the engine")
          .check(HOUSE);
    }

    @Test
    void nothing_knows_the_test_kits() {
      noClasses()
          .that()
          .resideOutsideOfPackages("dev.holdfast.test..", "dev.holdfast.testkit..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.holdfast.test..", "dev.holdfast.testkit..")
          .because("tests know the product, never the other way round")
          .check(HOUSE);
    }

    @Test
    void the_test_kit_for_users_needs_JUnit_and_nothing_of_ours() {
      classes()
          .that()
          .resideInAPackage("dev.holdfast.test..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              apiAnd(
                  "dev.holdfast.spi..",
                  "dev.holdfast.engine",
                  "dev.holdfast.test..",
                  "java..",
                  "org.junit.jupiter.api..",
                  "org.slf4j..",
                  "org.jspecify.."))
          .because("its users choose their own versions of everything else")
          .check(HOUSE);
    }

    @Test
    void packages_below_the_root_of_the_API_do_not_know_it() {
      noClasses()
          .that()
          .resideInAnyPackage(
              Stream.of(API).filter(name -> !name.equals("dev.holdfast")).toArray(String[]::new))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.holdfast", "dev.holdfast.spi..", "dev.holdfast.engine..")
          .because("the root is built of them")
          .check(HOUSE);
    }

    @Test
    void packages_have_no_cycles() {
      slices()
          .assignedFrom(new Packages())
          .should()
          .beFreeOfCycles()
          .because("a cycle is one big package with several names")
          .check(HOUSE);
    }
  }

  @Nested
  class One_place_for_each_danger {
    @Test
    void time_is_read_in_one_class() {
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName("dev.holdfast.spi.SystemTime")
          .should()
          .accessTargetWhere(
              calls(System.class, "currentTimeMillis", "nanoTime")
                  .or(calls(java.time.Instant.class, "now"))
                  .or(calls(java.time.LocalDate.class, "now"))
                  .or(calls(java.time.LocalDateTime.class, "now"))
                  .or(calls(java.time.OffsetDateTime.class, "now"))
                  .or(calls(java.time.ZonedDateTime.class, "now"))
                  .or(calls(java.time.Clock.class, "system", "systemUTC", "systemDefaultZone"))
                  .or(calls(java.util.Date.class, "<init>")))
          .because("what reads the clock by itself cannot run in the virtual time of a test")
          .check(HOUSE);
    }

    /**
     * The class of the engine is Threads; server and command line have classes of the same name.
     */
    @Test
    void threads_are_made_and_put_to_sleep_in_one_class() {
      noClasses()
          .that(
              areNot(
                  "dev.holdfast.engine.runtime.Threads",
                  "dev.holdfast.server.undertow.Threads",
                  "dev.holdfast.cli.terminal.Threads"))
          .should()
          .accessTargetWhere(
              calls(
                      Thread.class,
                      "<init>",
                      "sleep",
                      "startVirtualThread",
                      "ofVirtual",
                      "ofPlatform")
                  .or(calls(java.util.concurrent.ThreadPoolExecutor.class, "<init>"))
                  .or(calls(java.util.concurrent.ForkJoinPool.class, "<init>"))
                  .or(calls(java.util.Timer.class, "<init>"))
                  .or(on(java.util.concurrent.Executors.class)))
          .because("a thread that nobody owns is one that nobody stops")
          .check(PRODUCT);
    }

    /**
     * The duty thread sleeps until the next duty, the group commit until the commit, and a writer
     * between two looks at SQLite's lock.
     */
    @Test
    void threads_wait_without_a_lock_in_three_classes() {
      noClasses()
          .that(
              areNot(
                  "dev.holdfast.engine.runtime.DutyThread",
                  "dev.holdfast.spi.GroupCommit",
                  "dev.holdfast.sqlite.LockWait"))
          .should()
          .accessTargetWhere(
              calls(
                  java.util.concurrent.locks.LockSupport.class,
                  "park",
                  "parkNanos",
                  "parkUntil",
                  "unpark"))
          .because("a lost wake-up is found by reading, and three such places can be read")
          .check(PRODUCT);
    }

    @Test
    void nothing_is_built_by_Java_serialization() {
      noClasses()
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.io.ObjectInputStream")
          .because("stored bytes would choose which code runs; payloads are JSON")
          .check(HOUSE);
    }

    /** Exempt is the signal handling, which loads one JDK class that the compiler must not see. */
    @Test
    void no_class_is_found_by_a_name_from_data() {
      noClasses()
          .that(areNot("dev.holdfast.cli.terminal.Signals"))
          .should()
          .accessTargetWhere(
              calls(Class.class, "forName").or(calls(ClassLoader.class, "loadClass")))
          .because("a job's type is a name that a handler was given, never a class")
          .check(HOUSE);
    }
  }

  @Nested
  class Names {
    @Test
    void say_what_a_class_is_or_does() {
      noClasses()
          .should()
          .haveSimpleNameEndingWith("Impl")
          .orShould()
          .haveNameMatching(".*(Manager|Helpers?|Utils?|Utilities|Common|Base)(\\$.*)?")
          .because("such a name says only that nobody knew what the class is")
          .check(HOUSE);
    }

    @Test
    void of_packages_say_it_too() {
      noClasses()
          .should()
          .resideInAnyPackage("..util..", "..utils..", "..common..", "..helper..", "..impl..")
          .because("shared code belongs next to the type that it serves")
          .check(HOUSE);
    }
  }

  @Nested
  class Public_types {
    /** Of a package that is not exported, another package of its module uses them. */
    @Test
    void stand_in_exported_packages_or_are_used_by_another_one() {
      List<String> hidden = new ArrayList<>();
      for (String library : LIBRARIES) {
        ModuleDescriptor module = descriptor(library);
        for (JavaClass type : publicTypes(library)) {
          boolean exported =
              module.exports().stream()
                  .anyMatch(export -> export.source().equals(type.getPackageName()));
          boolean provided =
              module.provides().stream()
                  .anyMatch(provides -> provides.providers().contains(type.getName()));
          boolean madeByName =
              module.opens().stream()
                  .anyMatch(opened -> opened.source().equals(type.getPackageName()));
          if (!exported && !provided && !madeByName && !isUsedOutside(type)) {
            hidden.add(type.getName());
          }
        }
      }
      assertThat(hidden)
          .as("public types that nobody outside their package can use: make them package-private")
          .isEmpty();
    }

    /** The engine is exported to the test kit, the store over JDBC to the dialects. */
    @Test
    void of_packages_for_a_few_friends_are_doors_that_someone_outside_uses() {
      List<String> unused = new ArrayList<>();
      for (String library : LIBRARIES) {
        Set<ModuleDescriptor.Exports> exports = descriptor(library).exports();
        for (JavaClass type : publicTypes(library)) {
          boolean forFriends =
              exports.stream()
                  .filter(ModuleDescriptor.Exports::isQualified)
                  .anyMatch(export -> export.source().equals(type.getPackageName()));
          if (forFriends && !isUsedOutside(type)) {
            unused.add(type.getName());
          }
        }
      }
      assertThat(unused)
          .as("public types that nobody outside their package uses: make them package-private")
          .isEmpty();
    }

    private ModuleDescriptor descriptor(String library) {
      return ModuleFinder.of(Repository.file(library + "/target/classes")).findAll().stream()
          .map(ModuleReference::descriptor)
          .findFirst()
          .orElseThrow();
    }

    private List<JavaClass> publicTypes(String library) {
      return classesOf(library).stream()
          .filter(type -> type.isTopLevelClass() && !type.getSimpleName().endsWith("-info"))
          .filter(type -> type.getModifiers().toString().contains("PUBLIC"))
          .toList();
    }

    private boolean isUsedOutside(JavaClass type) {
      return HOUSE.stream()
          .filter(
              part ->
                  part.getName().equals(type.getName())
                      || part.getName().startsWith(type.getName() + "$"))
          .flatMap(part -> part.getDirectDependenciesToSelf().stream())
          .map(use -> use.getOriginClass().getPackageName())
          .anyMatch(user -> !user.equals(type.getPackageName()));
    }
  }

  @Nested
  class The_size_of_packages {
    private static final int TYPES_MAX = 62;

    /** The root of the API, which callers import from without knowing its parts. */
    private static final int ROOT_TYPES_MAX = 75;

    @Test
    void lets_a_reader_find_every_type() {
      Map<String, Long> sizes =
          HOUSE.stream()
              .filter(type -> type.isTopLevelClass() && !type.getSimpleName().endsWith("-info"))
              .collect(groupingBy(JavaClass::getPackageName, TreeMap::new, counting()));
      sizes.entrySet().removeIf(size -> size.getValue() <= most(size.getKey()));
      assertThat(sizes).as("packages with too many types: cut them by subject").isEmpty();
    }

    private int most(String name) {
      return name.equals("dev.holdfast") ? ROOT_TYPES_MAX : TYPES_MAX;
    }
  }

  private static DescribedPredicate<JavaClass> areInCore() {
    return resideInAnyPackage(apiAnd("dev.holdfast.spi..", "dev.holdfast.engine.."))
        .as("are in core");
  }

  private static String[] apiAnd(String... others) {
    return Stream.concat(Stream.of(API), Stream.of(others)).toArray(String[]::new);
  }

  /** Matches classes other than these and those nested in them. */
  private static DescribedPredicate<JavaClass> areNot(String... names) {
    return describe(
        "are not " + String.join(", ", names),
        type ->
            Stream.of(names)
                .noneMatch(
                    name -> type.getName().equals(name) || type.getName().startsWith(name + "$")));
  }

  /** Matches calls and method references. */
  private static DescribedPredicate<JavaAccess<?>> calls(Class<?> owner, String... members) {
    Set<String> names = Set.of(members);
    return describe(
        owner.getSimpleName() + "." + String.join("/", members),
        access ->
            access.getTargetOwner().isEquivalentTo(owner)
                && names.contains(access.getTarget().getName()));
  }

  private static DescribedPredicate<JavaAccess<?>> on(Class<?> owner) {
    return describe(owner.getSimpleName(), access -> access.getTargetOwner().isEquivalentTo(owner));
  }

  /**
   * Assigns a slice to each package, and one to the composition root, which alone may know the
   * engine.
   */
  private static final class Packages implements SliceAssignment {
    @Override
    public SliceIdentifier getIdentifierOf(JavaClass type) {
      String name = type.getName();
      return name.equals("dev.holdfast.Holdfast") || name.startsWith("dev.holdfast.Holdfast$")
          ? SliceIdentifier.of("dev.holdfast.Holdfast, the composition root")
          : SliceIdentifier.of(type.getPackageName());
    }

    @Override
    public String getDescription() {
      return "the packages";
    }
  }

  private static final class Dialects implements SliceAssignment {
    private static final String PREFIX = "dev.holdfast.";

    @Override
    public SliceIdentifier getIdentifierOf(JavaClass type) {
      for (String dialect : List.of("sqlite", "postgres")) {
        if (type.getPackageName().startsWith(PREFIX + dialect)) {
          return SliceIdentifier.of(dialect);
        }
      }
      return SliceIdentifier.ignore();
    }

    @Override
    public String getDescription() {
      return "the dialects";
    }
  }
}
