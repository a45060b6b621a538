using System.Text.Json;
using Modular.Testing;

namespace Modular.Users.Tests;

/// <summary>A person on several devices, without an account.</summary>
internal static class Devices
{
    /// <summary>One more device of the guest that this client id makes: each has a session of its own.</summary>
    public static async Task<Browser> DeviceAsync(this Product product, string clientId, string? agent = null)
    {
        var device = product.Somebody();
        var asked = await device.Send(HttpMethod.Post, "/api/questions", new { body = "Where am I?", clientId }, [.. agent is null ? [] : new[] { ("User-Agent", agent) }]);
        asked.Status.ShouldBeOneOf(200, 201);
        return device;
    }

    public static async Task<Guid> SessionAsync(this Browser device) =>
        (await device.Get("/api/users/me/sessions")).Must(200).Items.Single(s => s.GetProperty("current").GetBoolean()).Session();

    public static Guid Session(this JsonElement listed) => listed.GetProperty("id").GetGuid();

    /// <summary>The stream that is this person's own.</summary>
    public static async Task<string> StreamAsync(this Browser device) => $"notifications/{(await device.Get("/api/users/me")).Must(200).Id}";

    public static Task<HubClient> HubAsync(this Product product, Browser device) =>
        HubClient.ConnectAsync(product.Address, configure: socket => socket.Cookies = device.Cookies);
}
