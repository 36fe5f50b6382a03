/// The JSON Schema of a registry's document, for editors: it completes keys and marks wrong ones while they are written.
///
/// It is made of the table that the reader goes by, so it cannot say anything else. A copy is in the repository as
/// `docs/pgsluice.schema.json`; a YAML document names it by `# yaml-language-server: $schema=…` in its first line.
public enum RegistrySchema {
    /// The schema as JSON, by JSON Schema's draft 2020-12.
    public static var text: String { SchemaWriter.text(of: document) + "\n" }

    private static let settingText: SchemaValue = ["type": ["string", "number", "boolean"]]

    private static var document: SchemaValue {
        .object([
            ("$schema", "https://json-schema.org/draft/2020-12/schema"),
            ("title", "Postgres connections by name"),
            ("type", "object"),
            ("additionalProperties", false),
            (
                "properties",
                .object([
                    ("version", ["const": 1]),
                    (
                        "environment",
                        described("string", "The environment whose overlay is applied, such as ${APP_ENV}.")
                    ),
                    (
                        "include",
                        oneOrMany(
                            "Files whose connections, templates and environments are added, such as one of secrets.")
                    ),
                    ("connections", mapping(of: "connection", "The connections by their names.")),
                    ("templates", mapping(of: "section", "What connections inherit by their key template.")),
                    (
                        "environments",
                        ["type": "object", "additionalProperties": ["$ref": "#/$defs/environment"]]
                    ),
                    (
                        "groups",
                        [
                            "type": "object",
                            "additionalProperties": ["type": "array", "items": ["type": "string"]],
                        ]
                    ),
                ])
            ),
            ("$defs", definitions),
        ])
    }

    private static var definitions: SchemaValue {
        .object([
            (
                "connection",
                ["anyOf": [described("string", "A connection URL."), ["$ref": "#/$defs/section"]]]
            ),
            ("section", section),
            (
                "environment",
                .object([
                    ("type", "object"), ("additionalProperties", false),
                    (
                        "properties",
                        .object([
                            (
                                "protected",
                                schema(
                                    of: SettingKey("protected", .flag, "Whether all of its connections are protected."))
                            ),
                            ("connections", mapping(of: "connection", "What is different for connections here.")),
                            ("templates", mapping(of: "section", "What is different for templates here.")),
                        ])
                    ),
                ])
            ),
        ])
    }

    private static var section: SchemaValue {
        var properties: [(String, SchemaValue)] = [
            ("template", oneOrMany("Templates to inherit from; of two that say the same the later one counts."))
        ]
        properties += SettingKey.all.filter { $0.section == nil }.map { ($0.name, schema(of: $0)) }
        for name in ["pool", "limits"] { properties.append((name, keys(of: name))) }
        properties.append(("ssh", ["anyOf": [["const": "off"], keys(of: "ssh")]]))
        for (name, summary) in SettingKey.freeSections {
            properties.append(
                (
                    name,
                    .object([
                        ("type", "object"), ("description", .text(summary)), ("additionalProperties", settingText),
                    ])
                ))
        }
        return .object([
            ("type", "object"), ("additionalProperties", false), ("properties", .object(properties)),
        ])
    }

    private static func keys(of section: String) -> SchemaValue {
        let keys = SettingKey.all.filter { $0.section == section }
        return .object([
            ("type", "object"), ("additionalProperties", false),
            ("properties", .object(keys.map { ($0.shortName, schema(of: $0)) })),
        ])
    }

    /// Whatever a key wants, it may be a reference instead.
    private static func schema(of key: SettingKey) -> SchemaValue {
        var fields: [(String, SchemaValue)] = [("description", .text(key.summary))]
        if let usual = key.defaultText { fields.append(("default", .text(usual))) }
        let reference: SchemaValue = ["type": "string", "pattern": #"\$\{"#]
        switch key.kind {
        case .keyword, .text, .path: fields += [("type", ["string", "number", "boolean"])]
        case .flag: fields += [("anyOf", [["type": "boolean"], ["enum": ["true", "false"]], reference])]
        case .integer(let range):
            let number: SchemaValue = .object([
                ("type", "integer"), ("minimum", .number(range.lowerBound)), ("maximum", .number(range.upperBound)),
            ])
            fields += [("anyOf", [number, ["type": "string", "pattern": "^[0-9]+$"], reference])]
        case .fraction:
            fields += [("anyOf", [.object([("type", "number"), ("minimum", 0), ("maximum", 1)]), reference])]
        case .duration:
            fields += [("anyOf", [["type": "string", "pattern": "^[0-9]+(us|ms|s|min|h|d)$"], reference])]
        case .word(let words): fields += [("anyOf", [["enum": .array(words.map(SchemaValue.text))], reference])]
        }
        return .object(fields)
    }

    private static func described(_ type: String, _ summary: String) -> SchemaValue {
        .object([("type", .text(type)), ("description", .text(summary))])
    }

    private static func oneOrMany(_ summary: String) -> SchemaValue {
        .object([
            ("description", .text(summary)),
            ("anyOf", [["type": "string"], ["type": "array", "items": ["type": "string"]]]),
        ])
    }

    private static func mapping(of definition: String, _ summary: String) -> SchemaValue {
        .object([
            ("type", "object"), ("description", .text(summary)),
            ("additionalProperties", ["$ref": .text("#/$defs/\(definition)")]),
        ])
    }
}
