package dev.holdfast.testkit;

final class NodeCommandsTest extends NodeCommandsScenes {}
