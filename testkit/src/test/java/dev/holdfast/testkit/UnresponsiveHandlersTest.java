package dev.holdfast.testkit;

final class UnresponsiveHandlersTest extends UnresponsiveHandlersScenes {}
