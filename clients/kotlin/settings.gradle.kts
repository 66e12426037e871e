pluginManagement {
    repositories {
        google()
        mavenCentral()
        gradlePluginPortal()
    }
}

dependencyResolutionManagement {
    repositories {
        google()
        mavenCentral()
    }
}

rootProject.name = "tiffin-client"
include(":tiffin-core", ":tiffin-firebase")
project(":tiffin-core").projectDir = file("core")
project(":tiffin-firebase").projectDir = file("firebase")
