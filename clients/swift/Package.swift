// swift-tools-version: 5.9
import PackageDescription

let package = Package(
  name: "Tiffin",
  platforms: [.iOS(.v15), .macOS(.v12)],
  products: [
    .library(name: "TiffinCore", targets: ["TiffinCore"]),
    .library(name: "TiffinFirebase", targets: ["TiffinFirebase"]),
  ],
  dependencies: [
    .package(url: "https://github.com/firebase/firebase-ios-sdk.git", "12.0.0"..<"14.0.0"),
  ],
  targets: [
    .target(name: "TiffinCore"),
    .target(
      name: "TiffinFirebase",
      dependencies: [
        "TiffinCore",
        .product(name: "FirebaseCore", package: "firebase-ios-sdk"),
        .product(name: "FirebaseAppCheck", package: "firebase-ios-sdk"),
        .product(name: "FirebaseAuth", package: "firebase-ios-sdk"),
        .product(name: "FirebaseFirestore", package: "firebase-ios-sdk"),
        .product(name: "FirebaseFunctions", package: "firebase-ios-sdk"),
        .product(name: "FirebaseStorage", package: "firebase-ios-sdk"),
      ]),
    .testTarget(name: "TiffinCoreTests", dependencies: ["TiffinCore"]),
  ]
)
