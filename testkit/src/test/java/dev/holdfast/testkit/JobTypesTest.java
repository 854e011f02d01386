package dev.holdfast.testkit;

final class JobTypesTest extends JobTypesScenes {}
